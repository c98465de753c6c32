// SPDX-License-Identifier: AGPL-3.0-or-later
import { valueOf } from "@farol/web/api/client";
import { Refusal } from "@farol/web/api/refusal";
import { noteServerTime } from "@farol/web/lib/server-clock";
import { useQuery, type QueryClient } from "@tanstack/react-query";
import { createContext, useContext } from "react";
import { http, setCsrfToken } from "./client";
import type { Permission, Session } from "../lib/contract";

export const SESSION_KEY = ["session"] as const;

/** Makes a session the current one. */
export function holdSession(client: QueryClient, session: Session): void {
  setCsrfToken(session.csrf_token);
  noteServerTime(session.server_time);
  client.setQueryData(SESSION_KEY, session);
}

/** Who is signed in; null when nobody is. */
export function useSessionQuery() {
  return useQuery({
    queryKey: SESSION_KEY,
    staleTime: Infinity,
    queryFn: async (): Promise<Session | null> => {
      try {
        const session = await valueOf(http.GET("/api/v1/session"));
        setCsrfToken(session.csrf_token);
        noteServerTime(session.server_time);
        return session;
      } catch (error) {
        if (error instanceof Refusal && error.status === 401) return null;
        throw error;
      }
    },
  });
}

export const SessionContext = createContext<Session | null>(null);

/** The session of whoever looks at this page; only under the session gate. */
export function useSession(): Session {
  const session = useContext(SessionContext);
  if (!session) throw new Error("useSession outside the session gate");
  return session;
}

export function useMay(permission: Permission): boolean {
  return useSession().permissions.includes(permission);
}

/** Signs out on the server and starts the application anew. What was written stays saved there. */
export async function signOut(): Promise<void> {
  await valueOf(http.DELETE("/api/v1/session"));
  location.assign("/");
}
