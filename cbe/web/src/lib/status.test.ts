// SPDX-License-Identifier: AGPL-3.0-or-later
import { describe, expect, it } from "vitest";
import type { Status } from "./contract";
import { onAir } from "../features/alerts/on-air";
import { progress, STATUS_LOOK, statusLook } from "./status";

const STATUSES = Object.keys(STATUS_LOOK) as Status[];

describe("badges", () => {
  it("C-3: show LIVE for a confirmed live alert only", () => {
    const live = STATUSES.filter((status) => statusLook(status, "live").tone === "live");
    expect(live).toEqual(["broadcasting"]);
    expect(STATUSES.filter((status) => statusLook(status, "training").tone === "live")).toEqual([]);
  });
});

describe("on air", () => {
  it("is yes for a confirmed live alert only", () => {
    expect(STATUSES.filter((status) => onAir({ status, mode: "live" }) === "yes")).toEqual(["broadcasting"]);
    expect(STATUSES.filter((status) => onAir({ status, mode: "training" }) === "yes")).toEqual([]);
  });
  it("is not yet while approved", () => {
    expect(onAir({ status: "approved", mode: "live" })).toBe("not-yet");
  });
});

it("C-72: progress counts confirmed cells only; sent and accepted are not on air", () => {
  expect(progress({ sent: 2, accepted: 3, broadcasting: 4, refused: 1, no_answer: 1, stopped: 1 })).toEqual({
    confirmed: 4,
    stopped: 1,
    trouble: 2,
    total: 12,
  });
  expect(progress(undefined)).toEqual({ confirmed: 0, stopped: 0, trouble: 0, total: 0 });
});
