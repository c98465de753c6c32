// SPDX-License-Identifier: AGPL-3.0-or-later
import { valueOf, write } from "@farol/web/api/client";
import {
  useInfiniteQuery,
  useMutation,
  useQuery,
  useQueryClient,
  type QueryClient,
} from "@tanstack/react-query";
import { http } from "./client";
import { useMay } from "./session";
import type { Alert, AlertSummary, Area, Message, Status } from "../lib/contract";

export const alertKey = (id: string) => ["alert", id] as const;
export const LISTS_KEY = ["alerts"] as const;

export const OPEN: readonly Status[] = ["approved", "broadcasting", "pending_approval", "draft", "returned"];
export const ON_AIR: readonly Status[] = ["approved", "broadcasting"];

const PAGE = 50;

/** Everything that is not over yet. */
export function useOpenAlerts() {
  return useQuery({
    enabled: useMay("alert.view"),
    queryKey: [...LISTS_KEY, "open"],
    queryFn: async (): Promise<AlertSummary[]> => {
      const query = { status: [...OPEN], limit: 200 };
      return (await valueOf(http.GET("/api/v1/alerts", { params: { query } }))).items;
    },
  });
}

/** All alerts of the given statuses (none given: of any), newest first, a page at a time. */
export function useHistory(status: readonly Status[]) {
  return useInfiniteQuery({
    queryKey: [...LISTS_KEY, "history", status.join(",")],
    initialPageParam: null as string | null,
    queryFn: ({ pageParam }) =>
      valueOf(
        http.GET("/api/v1/alerts", {
          params: {
            query: {
              limit: PAGE,
              ...(status.length > 0 && { status: [...status] }),
              ...(pageParam !== null && { before: pageParam }),
            },
          },
        }),
      ),
    getNextPageParam: (last) => last.next ?? undefined,
  });
}

export function useAlert(id: string) {
  return useQuery({
    queryKey: alertKey(id),
    queryFn: () => valueOf(http.GET("/api/v1/alerts/{id}", { params: { path: { id } } })),
  });
}

// A type, not an interface: the contract's body takes more members than these.
export type DraftFields = {
  channel?: string;
  message_identifier?: number;
  messages: Message[];
  area: Area;
  duration_s: number;
  repetition_period_s: number;
  note: string;
};

export function createAlert(key: string, body: DraftFields): Promise<Alert> {
  return write(key, (k) =>
    http.POST("/api/v1/alerts", { params: { header: { "Idempotency-Key": k } }, body }),
  );
}

export function saveAlert(key: string, id: string, body: DraftFields & { version: number }): Promise<Alert> {
  return write(key, (k) =>
    http.PATCH("/api/v1/alerts/{id}", { params: { path: { id }, header: { "Idempotency-Key": k } }, body }),
  );
}

/** What a person decides about an alert, with what they give for it. */
export type Decision =
  | { action: "submit"; totp: string; version: number }
  | { action: "approve"; totp: string; digest: string }
  | { action: "return"; reason: string }
  | { action: "withdraw" }
  | { action: "stop"; totp: string; reason: string };

function send(id: string, key: string, decision: Decision) {
  const params = { path: { id }, header: { "Idempotency-Key": key } };
  switch (decision.action) {
    case "submit":
      return http.POST("/api/v1/alerts/{id}/submit", {
        params,
        body: { totp: decision.totp, version: decision.version },
      });
    case "approve":
      return http.POST("/api/v1/alerts/{id}/approve", {
        params,
        body: { totp: decision.totp, digest: decision.digest },
      });
    case "return":
      return http.POST("/api/v1/alerts/{id}/return", { params, body: { reason: decision.reason } });
    case "withdraw":
      return http.POST("/api/v1/alerts/{id}/withdraw", { params, body: {} });
    case "stop":
      return http.POST("/api/v1/alerts/{id}/stop", {
        params,
        body: { totp: decision.totp, reason: decision.reason },
      });
  }
}

/** Puts an alert that the server answered where the pages read it. */
export function holdAlert(client: QueryClient, alert: Alert): void {
  client.setQueryData(alertKey(alert.id), alert);
  void client.invalidateQueries({ queryKey: LISTS_KEY });
}

/** No optimistic update: a page changes when the server has said what happened. */
export function useDecide(id: string) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: ({ key, decision }: { key: string; decision: Decision }) =>
      write(key, (k) => send(id, k, decision)),
    onSuccess: (alert: Alert) => holdAlert(client, alert),
    onError: () => client.invalidateQueries({ queryKey: alertKey(id) }),
  });
}
