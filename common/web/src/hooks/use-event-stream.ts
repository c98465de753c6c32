// SPDX-License-Identifier: AGPL-3.0-or-later
import { useEffect, useRef, useState } from "react";
import { readStream, type StreamEvent } from "../api/event-stream";

export type Connection = "connecting" | "open" | "lost";

/** Silence that counts as a lost connection; the server ticks every 5 s. */
const LOST_AFTER_MS = 10_000;
const PAUSE_MS = 1_000;
const PAUSE_MAX_MS = 10_000;

export interface StreamUse {
  /** Also called when the stream comes back: what happened meanwhile is not repeated, so read the lists again. */
  onOpen: () => void;
  onEvent: (event: StreamEvent) => void;
  onRefused: (status: number) => void;
}

/** Keeps one event stream open while mounted and says whether it can be trusted. */
export function useEventStream(url: string, use: StreamUse): Connection {
  const [connection, setConnection] = useState<Connection>("connecting");
  const current = useRef(use);
  current.current = use;
  useEffect(() => {
    const ended = new AbortController();
    let attempt = new AbortController();
    let silence: ReturnType<typeof setTimeout> | undefined;
    let pauseMs = PAUSE_MS;
    const heard = () => {
      clearTimeout(silence);
      silence = setTimeout(() => {
        setConnection("lost");
        attempt.abort();
      }, LOST_AFTER_MS);
    };
    const run = async () => {
      while (!ended.signal.aborted) {
        attempt = new AbortController();
        const signal = AbortSignal.any([ended.signal, attempt.signal]);
        heard();
        await readStream(url, signal, {
          onOpen: () => {
            pauseMs = PAUSE_MS;
            setConnection("open");
            current.current.onOpen();
          },
          onHeard: heard,
          onEvent: (event) => current.current.onEvent(event),
          onRefused: (status) => current.current.onRefused(status),
        }).catch(() => undefined);
        if (ended.signal.aborted) return;
        await new Promise((resolve) => {
          setTimeout(resolve, pauseMs);
        });
        pauseMs = Math.min(pauseMs * 2, PAUSE_MAX_MS);
      }
    };
    void run();
    return () => {
      clearTimeout(silence);
      ended.abort();
    };
  }, [url]);
  return connection;
}
