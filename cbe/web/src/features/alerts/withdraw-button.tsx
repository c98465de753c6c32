// SPDX-License-Identifier: AGPL-3.0-or-later
import { Button } from "@farol/web/components/button";
import { ProblemNotice } from "@farol/web/components/notice";
import { useToast } from "@farol/web/components/toast";
import type { ReactElement } from "react";
import type { Alert } from "../../lib/contract";
import { useText } from "../../i18n/text";
import { useIntention } from "./use-intention";

/** Takes a waiting alert back to draft: nothing was sent, so nothing more is asked. */
export function WithdrawButton({ alert }: { alert: Alert }): ReactElement {
  const text = useText();
  const say = useToast();
  const { decide, busy, error } = useIntention(alert.id);
  return (
    <>
      <Button
        icon="back"
        isPending={busy}
        onPress={() => decide({ action: "withdraw" }, { done: () => say(text("withdraw.done")) })}
      >
        {text("withdraw.button")}
      </Button>
      <ProblemNotice error={error} />
    </>
  );
}
