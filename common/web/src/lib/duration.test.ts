// SPDX-License-Identifier: AGPL-3.0-or-later
import { expect, it } from "vitest";
import { span } from "./duration";

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;

it.each([
  [-1, { unit: "seconds", n: 0 }],
  [999, { unit: "seconds", n: 0 }],
  [119_999, { unit: "seconds", n: 119 }],
  [2 * MINUTE, { unit: "minutes", n: 2 }],
  [HOUR - 1, { unit: "minutes", n: 59 }],
  [HOUR, { unit: "hours", n: 1 }],
  [3 * HOUR + 20 * MINUTE, { unit: "hours-minutes", h: 3, m: 20 }],
  [48 * HOUR - 1, { unit: "hours-minutes", h: 47, m: 59 }],
  [49 * HOUR, { unit: "days-hours", d: 2, h: 1 }],
])("%d ms is cut to %o and never rounded up", (ms, expected) => {
  expect(span(ms)).toEqual(expected);
});
