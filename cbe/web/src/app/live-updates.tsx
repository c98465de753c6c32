// SPDX-License-Identifier: AGPL-3.0-or-later
import { useEventStream } from "@farol/web/hooks/use-event-stream";
import { noteServerTime } from "@farol/web/lib/server-clock";
import { useQueryClient } from "@tanstack/react-query";
import { useRef, type ReactElement, type ReactNode } from "react";
import { alertKey, LISTS_KEY } from "../api/alerts";
import { ConnectionContext } from "../api/connection";
import { NETWORK_KEY } from "../api/reference";
import { SESSION_KEY } from "../api/session";

/** Many cells confirm at once: what they tell is gathered for this long before the page reads again. */
const GATHER_MS = 250;

function parsed(data: string): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(data);
    return typeof value === "object" && value !== null ? (value as Record<string, unknown>) : {};
  } catch {
    return {};
  }
}

/** One event stream for the whole application; it marks what is out of date and says whether it can be trusted. */
export function LiveUpdates({ children }: { children: ReactNode }): ReactElement {
  const client = useQueryClient();
  const gathered = useRef<Set<string> | null>(null);
  const readAgain = (id: string) => {
    if (gathered.current) {
      gathered.current.add(id);
      return;
    }
    gathered.current = new Set([id]);
    setTimeout(() => {
      for (const changed of gathered.current ?? [])
        void client.invalidateQueries({ queryKey: alertKey(changed) });
      void client.invalidateQueries({ queryKey: LISTS_KEY });
      gathered.current = null;
    }, GATHER_MS);
  };
  const connection = useEventStream("/api/v1/events", {
    onOpen: () => {
      void client.invalidateQueries({
        predicate: (query) => query.queryKey[0] === "alert" || query.queryKey[0] === "alerts",
      });
      void client.invalidateQueries({ queryKey: NETWORK_KEY });
    },
    onEvent: ({ event, data }) => {
      const value = parsed(data);
      if (event === "alert" && typeof value["id"] === "string") readAgain(value["id"]);
      if (event === "network") client.setQueryData(NETWORK_KEY, value);
      if (event === "tick" && typeof value["server_time"] === "string") noteServerTime(value["server_time"]);
    },
    onRefused: (status) => {
      if (status === 401) client.setQueryData(SESSION_KEY, null);
    },
  });
  return <ConnectionContext value={connection}>{children}</ConnectionContext>;
}
