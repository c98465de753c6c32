// SPDX-License-Identifier: AGPL-3.0-or-later
//
// The content that is decided on, read from the very member that the digest covers.
import type { Area, Cell, Message } from "./contract";

export interface Content {
  messages: (Message & { message_identifier: number })[];
  area: Area;
  start: string;
  end: string;
  repetition_period_s: number;
  serial_number: number;
  mode: string;
}

function record(value: unknown): Record<string, unknown> | null {
  return typeof value === "object" && value !== null ? (value as Record<string, unknown>) : null;
}

function cell(value: unknown): Cell | null {
  const one = record(value);
  if (!one) return null;
  const { technology, mcc, mnc, lac, ci } = one;
  if (typeof mcc !== "string" || typeof mnc !== "string" || typeof ci !== "number") return null;
  if (technology === "lte" || technology === "nr") return { technology, mcc, mnc, ci };
  if ((technology !== "gsm" && technology !== "umts") || typeof lac !== "number") return null;
  return { technology, mcc, mnc, lac, ci };
}

function area(value: unknown): Area | null {
  const one = record(value);
  if (one?.["kind"] === "all") return { kind: "all" };
  if (one?.["kind"] !== "cells" || !Array.isArray(one["cells"])) return null;
  const cells = one["cells"].map(cell);
  return cells.every((known) => known !== null) ? { kind: "cells", cells } : null;
}

function message(value: unknown): Content["messages"][number] | null {
  const one = record(value);
  if (!one) return null;
  const { language, text, message_identifier } = one;
  if (typeof language !== "string" || typeof text !== "string" || typeof message_identifier !== "number")
    return null;
  return { language, text, message_identifier };
}

/** null when it is not in the form that this page can show: then nothing may be approved on this page. */
export function readContent(value: unknown): Content | null {
  const one = record(value);
  if (!one || !Array.isArray(one["messages"])) return null;
  const messages = one["messages"].map(message);
  const where = area(one["area"]);
  const { start, end, repetition_period_s, serial_number, mode } = one;
  if (!where || messages.length === 0 || !messages.every((known) => known !== null)) return null;
  if (typeof start !== "string" || typeof end !== "string" || typeof mode !== "string") return null;
  if (typeof repetition_period_s !== "number" || typeof serial_number !== "number") return null;
  return { messages, area: where, start, end, repetition_period_s, serial_number, mode };
}
