// SPDX-License-Identifier: AGPL-3.0-or-later
import type { TextMeasure } from "../../lib/contract";

export type CounterState = "empty" | "fits" | "over" | "refused";

/** What the counter says; the numbers are the server's. */
export function counterState(measure: Pick<TextMeasure, "characters" | "over_by" | "refused">): CounterState {
  if (measure.over_by > 0) return "over";
  if (measure.refused.length > 0) return "refused";
  return measure.characters === 0 ? "empty" : "fits";
}
