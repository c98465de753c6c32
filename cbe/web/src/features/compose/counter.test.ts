// SPDX-License-Identifier: AGPL-3.0-or-later
import { expect, it } from "vitest";
import { counterState } from "./counter";

const finding = { character: "😀", at: 0, replacement: null, why: "no" };

it.each([
  [{ characters: 0, over_by: 0, refused: [] }, "empty"],
  [{ characters: 10, over_by: 0, refused: [] }, "fits"],
  [{ characters: 1400, over_by: 5, refused: [] }, "over"],
  [{ characters: 10, over_by: 0, refused: [finding] }, "refused"],
  [{ characters: 1400, over_by: 5, refused: [finding] }, "over"],
])("%o is %s", (measure, state) => {
  expect(counterState(measure)).toBe(state);
});
