// SPDX-License-Identifier: AGPL-3.0-or-later
import { Badge } from "@farol/web/components/badge";
import type { ReactElement } from "react";
import type { DeliveryState, Health, Mode, Status } from "../lib/contract";
import { useText } from "../i18n/text";
import { DELIVERY_LOOK, HEALTH_LOOK, statusLook } from "../lib/status";

export function StatusBadge({ status, mode }: { status: Status; mode: Mode }): ReactElement {
  const text = useText();
  const look = statusLook(status, mode);
  return <Badge {...look}>{text(look.tone === "training" ? "status-training" : `status.${status}`)}</Badge>;
}

export function HealthBadge({ health }: { health: Health }): ReactElement | null {
  const text = useText();
  if (health === "none" || health === "not_on_air") return null;
  return <Badge {...HEALTH_LOOK[health]}>{text(`health.${health}`)}</Badge>;
}

export function DeliveryBadge({ state }: { state: DeliveryState }): ReactElement {
  const text = useText();
  return <Badge {...DELIVERY_LOOK[state]}>{text(`delivery.${state}`)}</Badge>;
}
