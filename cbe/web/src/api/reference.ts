// SPDX-License-Identifier: AGPL-3.0-or-later
import { valueOf } from "@farol/web/api/client";
import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { http } from "./client";

export const NETWORK_KEY = ["network"] as const;
const SLOW_CHANGE_MS = 5 * 60_000;

export function useChannels() {
  return useQuery({
    queryKey: ["channels"],
    staleTime: SLOW_CHANGE_MS,
    queryFn: async () => (await valueOf(http.GET("/api/v1/channels"))).items,
  });
}

export function useCells() {
  return useQuery({
    queryKey: ["cells"],
    staleTime: SLOW_CHANGE_MS,
    queryFn: async () => (await valueOf(http.GET("/api/v1/cells"))).items,
  });
}

/** Kept current by the event stream. */
export function useNetwork() {
  return useQuery({ queryKey: NETWORK_KEY, queryFn: () => valueOf(http.GET("/api/v1/network")) });
}

/** Counting is the server's: the same codec that will code the text. */
export function useMeasure(text: string, language: string) {
  return useQuery({
    queryKey: ["measure", language, text],
    staleTime: Infinity,
    gcTime: 60_000,
    placeholderData: keepPreviousData,
    queryFn: () => valueOf(http.POST("/api/v1/text/measure", { body: { text, language } })),
  });
}
