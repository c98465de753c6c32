// SPDX-License-Identifier: AGPL-3.0-or-later
import { newKey } from "@farol/web/api/client";
import { Unsure } from "@farol/web/api/refusal";
import { useRef } from "react";
import { useDecide, type Decision } from "../../api/alerts";

interface After {
  done?: () => void;
  always?: () => void;
}

/**
 * One person's intention to decide, under one idempotency key. The key outlives an unknown outcome, so that pressing
 * again asks about the same decision; a refusal ends it, because the next try is another decision.
 */
export function useIntention(alertId: string) {
  const mutation = useDecide(alertId);
  const held = useRef<{ key: string; decision: Decision } | null>(null);
  const decide = (decision: Decision, after: After = {}) => {
    const unsure = mutation.error instanceof Unsure && held.current?.decision.action === decision.action;
    const intention = unsure && held.current ? held.current : { key: newKey(), decision };
    held.current = intention;
    // By promise, because the page that asked may be gone from the screen when the answer changes the alert.
    mutation
      .mutateAsync(intention)
      .then(
        () => after.done?.(),
        () => undefined,
      )
      .finally(() => after.always?.());
  };
  return { decide, busy: mutation.isPending, error: mutation.error, reset: mutation.reset };
}
