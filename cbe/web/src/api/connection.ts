// SPDX-License-Identifier: AGPL-3.0-or-later
import type { Connection } from "@farol/web/hooks/use-event-stream";
import { createContext, useContext } from "react";

export const ConnectionContext = createContext<Connection>("connecting");

/** Decisions are not offered while the page may be out of date. */
export function useConnectionLost(): boolean {
  return useContext(ConnectionContext) === "lost";
}
