// SPDX-License-Identifier: AGPL-3.0-or-later
//
// One's own account, and what somebody does who holds a link and no session.
import { valueOf } from "@farol/web/api/client";
import { useQuery } from "@tanstack/react-query";
import { http } from "./client";

export const ACCOUNT_KEY = ["account"] as const;

export function useAccount() {
  return useQuery({ queryKey: ACCOUNT_KEY, queryFn: () => valueOf(http.GET("/api/v1/account")) });
}

export function useOwnSessions() {
  return useQuery({
    queryKey: [...ACCOUNT_KEY, "sessions"],
    queryFn: async () => (await valueOf(http.GET("/api/v1/account/sessions"))).items,
  });
}

export const endSession = (session: string) =>
  valueOf(http.DELETE("/api/v1/account/sessions/{session}", { params: { path: { session } } }));

export const changePassword = (current_password: string, password: string) =>
  valueOf(http.POST("/api/v1/account/password", { body: { current_password, password } }));

export const beginTotp = (totp: string) =>
  valueOf(http.POST("/api/v1/account/totp", { body: totp ? { totp } : {} }));

export const confirmTotp = async (totp: string) =>
  (await valueOf(http.POST("/api/v1/account/totp/confirm", { body: { totp } }))).backup_codes;

export const newBackupCodes = async (totp: string) =>
  (await valueOf(http.POST("/api/v1/account/backup-codes", { body: { totp } }))).backup_codes;

export const openInvitation = (token: string) =>
  valueOf(http.POST("/api/v1/invitations/open", { body: { token } }));

export const acceptInvitation = async (token: string, password: string, totp: string) =>
  (await valueOf(http.POST("/api/v1/invitations/accept", { body: { token, password, totp } }))).backup_codes;

export const askForReset = async (username: string) =>
  (await valueOf(http.POST("/api/v1/password-resets", { body: { username } }))).mail;

export const resetPassword = (token: string, password: string) =>
  valueOf(http.POST("/api/v1/password-resets/complete", { body: { token, password } }));
