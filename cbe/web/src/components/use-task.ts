// SPDX-License-Identifier: AGPL-3.0-or-later
import { useState } from "react";

/** One task of a form: whether it runs, and what it was refused with. */
export function useTask(): { busy: boolean; error: unknown; run: (task: () => Promise<unknown>) => void } {
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<unknown>(null);
  const run = (task: () => Promise<unknown>) => {
    if (busy) return;
    setBusy(true);
    setError(null);
    task()
      .catch(setError)
      .finally(() => setBusy(false));
  };
  return { busy, error, run };
}
