// SPDX-License-Identifier: AGPL-3.0-or-later
//
// Administration of people. What gives somebody more is answered with a request that another administrator decides.
import { newKey, valueOf, write } from "@farol/web/api/client";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { http } from "./client";
import type { AdminRequest, Grant, Role, UserDetail } from "../lib/contract";

const PEOPLE_KEY = ["people"] as const;
const ROLES_KEY = ["roles"] as const;

export function useUsers() {
  return useQuery({
    queryKey: [...PEOPLE_KEY, "users"],
    queryFn: async (): Promise<UserDetail[]> => (await valueOf(http.GET("/api/v1/users"))).items,
  });
}

export function useUser(id: string) {
  return useQuery({
    queryKey: [...PEOPLE_KEY, "user", id],
    queryFn: () => valueOf(http.GET("/api/v1/users/{id}", { params: { path: { id } } })),
  });
}

/** Newest first, decided ones too. */
export function useRequests() {
  return useQuery({
    queryKey: [...PEOPLE_KEY, "requests"],
    refetchInterval: 15_000,
    queryFn: async (): Promise<AdminRequest[]> => (await valueOf(http.GET("/api/v1/requests"))).items,
  });
}

export function useRoles() {
  return useQuery({
    queryKey: ROLES_KEY,
    queryFn: async (): Promise<Role[]> => (await valueOf(http.GET("/api/v1/roles"))).items,
  });
}

export const USER_ACTIONS = [
  "invitation",
  "disable",
  "enable",
  "restore",
  "unlock",
  "second-factor-reset",
  "password-reset",
] as const;
export type UserAction = (typeof USER_ACTIONS)[number] | "sessions" | "delete";

export type Deed =
  | { do: "invite"; username: string; name: string; email: string; identity: string; roles: Grant[] }
  | { do: "roles"; id: string; version: number; roles: Grant[] }
  | { do: "user"; id: string; action: UserAction }
  | { do: "approve" | "withdraw"; id: string }
  | { do: "refuse"; id: string; reason: string };

function send(deed: Deed, totp: string, key: string) {
  const header = { "Idempotency-Key": key };
  if (deed.do === "invite") {
    const { username, name, email, identity, roles } = deed;
    return http.POST("/api/v1/users", {
      params: { header },
      body: { totp, username, name, email, identity, roles },
    });
  }
  const params = { path: { id: deed.id }, header };
  switch (deed.do) {
    case "roles":
      return http.PUT("/api/v1/users/{id}/roles", {
        params,
        body: { totp, version: deed.version, roles: deed.roles },
      });
    case "approve":
      return http.POST("/api/v1/requests/{id}/approve", { params, body: { totp } });
    case "withdraw":
      return http.POST("/api/v1/requests/{id}/withdraw", { params, body: { totp } });
    case "refuse":
      return http.POST("/api/v1/requests/{id}/refuse", { params, body: { totp, reason: deed.reason } });
    case "user":
      if (deed.action === "delete") return http.DELETE("/api/v1/users/{id}", { params, body: { totp } });
      if (deed.action === "sessions")
        return http.DELETE("/api/v1/users/{id}/sessions", { params, body: { totp } });
      return http.POST(`/api/v1/users/{id}/${deed.action}`, { params, body: { totp } });
  }
}

/** A request when somebody else must want it, too; else the person as changed, with what is shown once. */
export type Outcome = UserDetail | AdminRequest;
export const isRequest = (outcome: Outcome): outcome is AdminRequest => "asked_by" in outcome;

/** A new key for each try: a code is good once, so a second try is another request. */
export function useDeed() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: ({ deed, totp }: { deed: Deed; totp: string }): Promise<Outcome> =>
      write(newKey(), (key) => send(deed, totp, key) as Promise<{ data?: Outcome; response: Response }>),
    onSettled: () => client.invalidateQueries({ queryKey: PEOPLE_KEY }),
  });
}
