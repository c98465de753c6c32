// SPDX-License-Identifier: AGPL-3.0-or-later
import { newKey } from "@farol/web/api/client";
import { Refusal } from "@farol/web/api/refusal";
import { useQueryClient } from "@tanstack/react-query";
import { useEffect, useReducer, useRef, type Dispatch } from "react";
import { createAlert, holdAlert, saveAlert } from "../../api/alerts";
import type { Alert } from "../../lib/contract";
import { draftReducer, startDraft, type Draft, type DraftEvent } from "./draft";

const QUIET_MS = 700;

/** A draft that saves itself when the author pauses. One request at a time; `onStored` after each. */
export function useDraft(
  alert: Alert | null,
  language: string,
  onStored: (alert: Alert) => void,
): [Draft, Dispatch<DraftEvent>] {
  const client = useQueryClient();
  const [draft, dispatch] = useReducer(draftReducer, null, () => startDraft(alert, language));
  const stored = useRef(onStored);
  stored.current = onStored;
  const { phase, fields, alert: known } = draft;
  useEffect(() => {
    if (phase !== "dirty") return;
    const timer = setTimeout(() => {
      dispatch({ type: "send" });
      const key = newKey();
      const request = known
        ? saveAlert(key, known.id, { ...fields, version: known.version })
        : createAlert(key, fields);
      request
        .then((answer) => {
          holdAlert(client, answer);
          dispatch({ type: "stored", alert: answer });
          stored.current(answer);
        })
        .catch((error: unknown) => {
          const conflict = error instanceof Refusal && error.code === "version-conflict";
          dispatch({ type: conflict ? "conflict" : "refused", error });
        });
    }, QUIET_MS);
    return () => clearTimeout(timer);
  }, [phase, fields, known, client]);
  return [draft, dispatch];
}
