// SPDX-License-Identifier: AGPL-3.0-or-later
import { describe, expect, it } from "vitest";
import { readContent } from "./content";
import { canonical, digestOf } from "./digest";

const CONTENT = {
  mode: "live",
  serial_number: 16_416,
  start: "2026-11-21T10:00:00Z",
  end: "2026-11-21T11:00:00Z",
  repetition_period_s: 60,
  messages: [{ message_identifier: 4370, language: "en", text: "a" }],
  area: { kind: "cells", cells: [{ technology: "gsm", mcc: "001", mnc: "01", lac: 1, ci: 6969 }] },
};

describe("the canonical form", () => {
  // The example of RFC 8785 §3.2.2 and §3.2.3, without its number rounding cases that JSON.parse itself settles.
  it("sorts members, escapes as JSON does and writes the shortest numbers", () => {
    const value = {
      string: "\u20ac$\u000F\u000aA'\u0042\u0022\u005c\\\"/",
      numbers: [333333333.33333329, 1e30, 4.5, 2e-3, 1e-27],
      literals: [null, true, false],
    };
    expect(canonical(value)).toBe(
      '{"literals":[null,true,false],"numbers":[333333333.3333333,1e+30,4.5,0.002,1e-27],' +
        '"string":"€$\\u000f\\nA\'B\\"\\\\\\\\\\"/"}',
    );
  });
  it("sorts by UTF-16 code units (RFC 8785 §3.2.3)", () => {
    const value = { "\u20ac": 1, "\r": 2, "\ufb33": 3, "1": 4, "\ud83d\ude00": 5, "\u0080": 6, "\u00f6": 7 };
    expect([...canonical(value).matchAll(/:(\d)/g)].map((match) => match[1]).join("")).toBe("2467153");
  });
});

it("C-12: the digest is the lower-case SHA-256 of that form", async () => {
  expect(await digestOf({ b: 1, a: "x" })).toBe(await digestOf({ a: "x", b: 1 }));
  expect(await digestOf({})).toBe("44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8a");
});

describe("the content", () => {
  it("is read as it is decided on", () => {
    expect(readContent(CONTENT)).toEqual(CONTENT);
    expect(readContent({ ...CONTENT, area: { kind: "all" } })?.area).toEqual({ kind: "all" });
    const cells = [
      { technology: "umts", mcc: "001", mnc: "01", lac: 2, ci: 512 },
      { technology: "nr", mcc: "001", mnc: "01", ci: 68_719_476_735 },
    ];
    expect(readContent({ ...CONTENT, area: { kind: "cells", cells } })?.area).toEqual({
      kind: "cells",
      cells,
    });
  });
  it.each([
    ["no object", null],
    ["no messages", { ...CONTENT, messages: [] }],
    ["a message without text", { ...CONTENT, messages: [{ language: "en" }] }],
    ["an unknown area", { ...CONTENT, area: { kind: "polygon" } }],
    ["a cell without numbers", { ...CONTENT, area: { kind: "cells", cells: [{}] } }],
    [
      "a cell of no technology",
      { ...CONTENT, area: { kind: "cells", cells: [{ mcc: "001", mnc: "01", lac: 1, ci: 1 }] } },
    ],
    ["no end", { ...CONTENT, end: undefined }],
  ])("with %s cannot be shown, so it cannot be approved", (_, content) => {
    expect(readContent(content)).toBeNull();
  });
});
