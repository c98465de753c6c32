// SPDX-License-Identifier: AGPL-3.0-or-later
//
// The one mapping from the server's states to badges, for every page.
import type { Tone } from "@farol/web/components/badge";
import type { IconName } from "@farol/web/components/icon";
import type { DeliveryCounts, DeliveryState, Health, Mode, Status } from "./contract";

export interface Look {
  tone: Tone;
  icon: IconName;
}

export const STATUS_LOOK: Record<Status, Look> = {
  draft: { tone: "neutral", icon: "pencil" },
  pending_approval: { tone: "warning", icon: "hourglass" },
  returned: { tone: "special", icon: "back" },
  rejected: { tone: "neutral", icon: "cross" },
  discarded: { tone: "neutral", icon: "bin" },
  approved: { tone: "danger", icon: "triangle" },
  broadcasting: { tone: "live", icon: "tower" },
  completed: { tone: "success", icon: "check" },
  cancelled: { tone: "neutral", icon: "square" },
  superseded: { tone: "neutral", icon: "double" },
  failed: { tone: "danger", icon: "alert" },
};

/** In training "approved" promises nothing, so nothing is missing: it must not look like trouble, nor like LIVE. */
export function statusLook(status: Status, mode: Mode): Look {
  if (mode === "training" && (status === "approved" || status === "broadcasting")) {
    return { tone: "training", icon: "training" };
  }
  return STATUS_LOOK[status];
}

export const HEALTH_LOOK: Record<Exclude<Health, "none">, Look> = {
  not_on_air: { tone: "danger", icon: "triangle" },
  all_confirmed: { tone: "success", icon: "check" },
  partly_confirmed: { tone: "warning", icon: "signal" },
  delivery_problem: { tone: "danger", icon: "alert" },
  stop_not_confirmed: { tone: "danger", icon: "alert" },
  training: { tone: "training", icon: "training" },
};

export const DELIVERY_LOOK: Record<DeliveryState, Look> = {
  queued: { tone: "neutral", icon: "clock" },
  sent: { tone: "info", icon: "hourglass" },
  accepted: { tone: "info", icon: "check" },
  scheduled: { tone: "success", icon: "tower" },
  not_reported: { tone: "warning", icon: "hourglass" },
  broadcasting: { tone: "success", icon: "tower" },
  refused: { tone: "danger", icon: "cross" },
  no_answer: { tone: "danger", icon: "alert" },
  not_connected: { tone: "danger", icon: "offline" },
  stop_sent: { tone: "warning", icon: "hourglass" },
  stopped: { tone: "neutral", icon: "square" },
  stop_failed: { tone: "danger", icon: "alert" },
  unknown_cell: { tone: "warning", icon: "triangle" },
  unknown_to_peer: { tone: "danger", icon: "triangle" },
  not_sent_training: { tone: "training", icon: "training" },
};

export interface Progress {
  confirmed: number;
  stopped: number;
  trouble: number;
  total: number;
}

const TROUBLE: readonly DeliveryState[] = [
  "refused",
  "no_answer",
  "not_connected",
  "stop_failed",
  "unknown_cell",
  "unknown_to_peer",
];

/** "Sent" is not "on air": only cells that the network confirmed count. */
export function progress(counts: DeliveryCounts | undefined): Progress {
  const count = (state: DeliveryState): number => counts?.[state] ?? 0;
  return {
    confirmed: count("broadcasting") + count("scheduled"),
    stopped: count("stopped"),
    trouble: TROUBLE.reduce((sum, state) => sum + count(state), 0),
    total: Object.values(counts ?? {}).reduce((sum, one) => sum + one, 0),
  };
}
