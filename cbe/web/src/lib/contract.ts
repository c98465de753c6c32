// SPDX-License-Identifier: AGPL-3.0-or-later
//
// Names for the parts of the contract (cbe/api/openapi.yaml) that the pages speak of.
import type { components } from "#cbe-api";

type Schemas = components["schemas"];

export type Session = Schemas["Session"];
export type User = Schemas["User"];
export type Permission = Schemas["Permission"];
export type Mode = Schemas["Mode"];
export type Status = Schemas["Status"];
export type Health = Schemas["Health"];
export type AlertSummary = Schemas["AlertSummary"];
export type Alert = Schemas["Alert"];
export type Area = Schemas["Area"];
export type Cell = Schemas["Cell"];
export type CellInfo = Schemas["CellInfo"];
export type Message = Schemas["Message"];
export type TextMeasure = Schemas["TextMeasure"];
export type TextFinding = Schemas["TextFinding"];
export type Channel = Schemas["Channel"];
export type CheckItem = Schemas["CheckItem"];
export type ActionState = Schemas["ActionState"];
export type Action = ActionState["action"];
export type Delivery = Schemas["Delivery"];
export type DeliveryState = Schemas["DeliveryState"];
export type DeliveryCounts = Schemas["DeliveryCounts"];
export type HistoryEntry = Schemas["HistoryEntry"];
export type Network = Schemas["Network"];
export type UserDetail = Schemas["UserDetail"];
export type AdminRequest = Schemas["AdminRequest"];
export type Role = Schemas["Role"];
export type Grant = Schemas["Grant"];
export type NewTotp = Schemas["NewTotp"];
export type SessionRow = Schemas["SessionList"]["items"][number];
