// SPDX-License-Identifier: AGPL-3.0-or-later
import type { Area, Cell, CellInfo } from "./contract";

export function cellKey(cell: Cell): string {
  const area = cell.lac === undefined ? cell.technology : `${cell.lac}`;
  return `${cell.mcc}-${cell.mnc}-${area}-${cell.ci}`;
}

/** Cells whose name or numbers hold every word of the search. */
export function findCells(cells: readonly CellInfo[], search: string): CellInfo[] {
  const words = search.toLowerCase().split(/\s+/).filter(Boolean);
  if (words.length === 0) return [...cells];
  return cells.filter(({ name, cell }) => {
    const text = `${name} ${cellKey(cell)}`.toLowerCase();
    return words.every((word) => text.includes(word));
  });
}

export function toggleCell(area: Area, cell: Cell, chosen: boolean): Area {
  const before = area.kind === "cells" ? area.cells : [];
  const others = before.filter((one) => cellKey(one) !== cellKey(cell));
  return { kind: "cells", cells: chosen ? [...others, cell] : others };
}
