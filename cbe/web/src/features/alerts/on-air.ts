// SPDX-License-Identifier: AGPL-3.0-or-later
import type { Alert } from "../../lib/contract";

export type OnAir = "yes" | "not-yet" | "no" | "over" | "training";

/** Statuses of an alert that was never decided for the air. */
export const UNDECIDED = ["draft", "pending_approval", "returned", "rejected", "discarded"] as const;

/** The answer to "is it on air?". Approved is not on air; training never is. */
export function onAir(alert: Pick<Alert, "status" | "mode">): OnAir {
  switch (alert.status) {
    case "broadcasting":
      return alert.mode === "training" ? "training" : "yes";
    case "approved":
      return alert.mode === "training" ? "training" : "not-yet";
    case "completed":
    case "cancelled":
    case "superseded":
    case "failed":
      return "over";
    case "draft":
    case "pending_approval":
    case "returned":
    case "rejected":
    case "discarded":
      return "no";
  }
}
