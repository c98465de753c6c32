// SPDX-License-Identifier: AGPL-3.0-or-later
import { expect, it } from "vitest";
import { markFindings, replaceFindings } from "./text-parts";

const finding = (character: string, at: number, replacement: string | null) => ({
  character,
  at,
  replacement,
  why: "",
});

it("C-53: marks findings by code points, past characters outside the basic plane", () => {
  const parts = markFindings("a😀b–c", [finding("–", 3, "-"), finding("😀", 1, null)]);
  expect(parts.map((part) => part.text)).toEqual(["a", "😀", "b", "–", "c"]);
  expect(parts.filter((part) => part.finding).map((part) => part.text)).toEqual(["😀", "–"]);
});
it("replaces only what has a replacement, and may replace by nothing", () => {
  expect(
    replaceFindings("a😀–\u200bb", [finding("😀", 1, null), finding("–", 2, "-"), finding("\u200b", 3, "")]),
  ).toBe("a😀-b");
});
it("leaves a text alone when a finding points past its end", () => {
  expect(replaceFindings("ab", [finding("x", 9, "y")])).toBe("ab");
});
