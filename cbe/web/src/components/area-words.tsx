// SPDX-License-Identifier: AGPL-3.0-or-later
import type { AlertSummary, Area, Cell } from "../lib/contract";
import { useCells, useChannels } from "../api/reference";
import { useText } from "../i18n/text";
import { cellKey } from "../lib/cells";

const NAMED = 6;
/** Where the server cuts. */
const EXCERPT = 160;

/** The area in words: every cell, or the chosen ones by name. */
export function useAreaWords(): (area: Area) => string {
  const text = useText();
  const cells = useCells();
  const nameOf = (cell: Cell): string =>
    cells.data?.find((one) => cellKey(one.cell) === cellKey(cell))?.name || cellKey(cell);
  return (area) => {
    if (area.kind === "all") return text("area.words-all");
    const names = area.cells.slice(0, NAMED).map(nameOf).join(", ");
    const more = area.cells.length - NAMED;
    const list = more > 0 ? `${names} ${text("area.words-more", { n: more })}` : names;
    return text("area.words-cells", { n: area.cells.length, names: list });
  };
}

export function useReachWords(): (reach: AlertSummary["reach"]) => string {
  const text = useText();
  return (reach) =>
    reach.kind === "all" ? text("area.all") : text("area.words-count", { n: reach.cells ?? 0 });
}

/** The beginning of the words; a cut is shown as one, so that half a sentence is never read as a whole. */
export function excerptOf(alert: Pick<AlertSummary, "excerpt">): string {
  return [...alert.excerpt].length >= EXCERPT ? `${alert.excerpt.trimEnd()}…` : alert.excerpt;
}

export function useChannelName(): (key: string) => string {
  const text = useText();
  const channels = useChannels();
  return (key) =>
    channels.data?.find((channel) => channel.key === key)?.name ?? (key || text("message.no-channel"));
}
