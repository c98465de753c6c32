// SPDX-License-Identifier: AGPL-3.0-or-later
import { describe, expect, it } from "vitest";
import { approvalReducer, sameWord, type Approval, type ApprovalEvent } from "./approval";

const after = (...events: ApprovalEvent[]): Approval =>
  events.reduce(approvalReducer, { phase: "form" } as Approval);

describe("an approval", () => {
  it("C-16: is sent only after five seconds", () => {
    expect(after("press")).toEqual({ phase: "counting", left: 5 });
    expect(after("press", "tick", "tick", "tick", "tick")).toEqual({ phase: "counting", left: 1 });
    expect(after("press", "tick", "tick", "tick", "tick", "tick")).toEqual({ phase: "sending" });
  });
  it("C-16: is not sent when it is cancelled, however late the ticks come", () => {
    expect(after("press", "tick", "tick", "tick", "tick", "cancel", "tick", "tick")).toEqual({
      phase: "form",
    });
  });
  it("cannot be pressed twice, nor cancelled once it is on its way", () => {
    expect(after("press", "tick", "press")).toEqual({ phase: "counting", left: 4 });
    expect(after("press", "tick", "tick", "tick", "tick", "tick", "cancel", "press")).toEqual({
      phase: "sending",
    });
  });
  it("goes back to the form when the server has answered", () => {
    expect(after("press", "tick", "tick", "tick", "tick", "tick", "answered")).toEqual({ phase: "form" });
  });
});

it.each([
  ["LIVE", "LIVE", true],
  [" live ", "LIVE", true],
  ["LIV", "LIVE", false],
  ["", "LIVE", false],
  ["TRAINING", "LIVE", false],
])("typed %j for %j is %s", (typed, wanted, same) => {
  expect(sameWord(typed, wanted)).toBe(same);
});
