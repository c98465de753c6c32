// SPDX-License-Identifier: AGPL-3.0-or-later
import { describe, expect, it } from "vitest";
import { EventParser } from "./event-stream";

const STREAM =
  ': hello\n\nevent: alert\ndata: {"id":1}\n\nevent: tick\r\ndata: a\r\ndata: b\r\n\r\ndata:plain\n\nevent: none\n\n';
const EVENTS = [
  { event: "alert", data: '{"id":1}' },
  { event: "tick", data: "a\nb" },
  { event: "message", data: "plain" },
];

describe("the parser of event streams", () => {
  it("reads events, joins data lines and leaves out comments and events without data", () => {
    expect(new EventParser().push(STREAM)).toEqual(EVENTS);
  });
  it("gives the same events wherever the stream is cut", () => {
    for (let cut = 0; cut <= STREAM.length; cut += 1) {
      const parser = new EventParser();
      expect(
        [...parser.push(STREAM.slice(0, cut)), ...parser.push(STREAM.slice(cut))],
        `cut at ${cut}`,
      ).toEqual(EVENTS);
    }
  });
  it("keeps an event back until its empty line has come", () => {
    const parser = new EventParser();
    expect(parser.push("event: alert\ndata: x\n")).toEqual([]);
    expect(parser.push("\n")).toEqual([{ event: "alert", data: "x" }]);
  });
});
