// SPDX-License-Identifier: AGPL-3.0-or-later
import { expect, it } from "vitest";
import type { CellInfo } from "./contract";
import { cellKey, findCells, toggleCell } from "./cells";

const cell = (ci: number) => ({ technology: "gsm" as const, mcc: "001", mnc: "01", lac: 1, ci });
const CELLS: CellInfo[] = [
  { cell: cell(6969), name: "Porto da Vila" },
  { cell: cell(6970), name: "Serra Norte" },
];

it.each([
  ["", 2],
  ["  ", 2],
  ["porto", 1],
  ["vila porto", 1],
  ["6970", 1],
  ["001-01", 2],
  ["porto 6970", 0],
])("the search %j finds %d cells", (search, n) => {
  expect(findCells(CELLS, search)).toHaveLength(n);
});
it("choosing twice chooses once", () => {
  const once = toggleCell({ kind: "all" }, cell(1), true);
  expect(toggleCell(once, cell(1), true)).toEqual({ kind: "cells", cells: [cell(1)] });
  expect(toggleCell(once, cell(1), false)).toEqual({ kind: "cells", cells: [] });
  expect(cellKey(cell(1))).toBe("001-01-1-1");
  expect(cellKey({ technology: "lte", mcc: "001", mnc: "01", ci: 1 })).toBe("001-01-lte-1");
});
