// SPDX-License-Identifier: AGPL-3.0-or-later
//
// Server-sent events read through fetch: unlike EventSource it shows comments and gaps, so the page can tell a quiet
// stream from a dead one.

export interface StreamEvent {
  event: string;
  data: string;
}

/** Cuts the stream's text into events, however the pieces arrive (WHATWG HTML, "Interpreting an event stream"). */
export class EventParser {
  #rest = "";
  #event = "";
  #data: string[] = [];

  push(piece: string): StreamEvent[] {
    const events: StreamEvent[] = [];
    const lines = (this.#rest + piece).split(/\r\n|\n|\r(?!$)/);
    this.#rest = lines.pop() ?? "";
    for (const line of lines) {
      const done = this.#line(line);
      if (done) events.push(done);
    }
    return events;
  }

  #line(line: string): StreamEvent | null {
    if (line === "") {
      const event = this.#data.length
        ? { event: this.#event || "message", data: this.#data.join("\n") }
        : null;
      this.#event = "";
      this.#data = [];
      return event;
    }
    const colon = line.indexOf(":");
    const field = colon < 0 ? line : line.slice(0, colon);
    const value = colon < 0 ? "" : line.slice(colon + 1).replace(/^ /, "");
    if (field === "event") this.#event = value;
    if (field === "data") this.#data.push(value);
    return null;
  }
}

export interface StreamHandlers {
  onOpen: () => void;
  onHeard: () => void;
  onEvent: (event: StreamEvent) => void;
  onRefused: (status: number) => void;
}

/** Reads one connection to its end. */
export async function readStream(url: string, signal: AbortSignal, handlers: StreamHandlers): Promise<void> {
  const response = await fetch(url, {
    signal,
    headers: { Accept: "text/event-stream" },
    credentials: "same-origin",
  });
  if (!response.ok || !response.body) {
    handlers.onRefused(response.status);
    return;
  }
  handlers.onOpen();
  const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
  const parser = new EventParser();
  for (;;) {
    const { value, done } = await reader.read();
    if (done) return;
    handlers.onHeard();
    for (const event of parser.push(value)) handlers.onEvent(event);
  }
}
