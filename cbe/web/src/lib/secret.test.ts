// SPDX-License-Identifier: AGPL-3.0-or-later
import { describe, expect, it } from "vitest";
import { grouped, qrPath } from "./secret";

const svg = (path: string) =>
  `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 29 29" shape-rendering="crispEdges">` +
  `<path fill="#fff" d="M0 0h29v29H0z"/><path d="${path}"/></svg>`;

describe("a new second factor", () => {
  it("is drawn from the server's picture and from nothing else", () => {
    expect(qrPath(svg("M4 4h1v1h-1zM5 4h1v1h-1z"))).toEqual({ size: 29, path: "M4 4h1v1h-1zM5 4h1v1h-1z" });
    expect(qrPath(svg("M4 onload=x"))).toBeNull();
    expect(qrPath("")).toBeNull();
  });
  it("is typed in groups of four", () => {
    expect(grouped("ABCDEFGHIJ")).toBe("ABCD EFGH IJ");
    expect(grouped("ABCD")).toBe("ABCD");
  });
});
