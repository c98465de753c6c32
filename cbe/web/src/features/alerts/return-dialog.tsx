// SPDX-License-Identifier: AGPL-3.0-or-later
import { Button } from "@farol/web/components/button";
import { Dialog } from "@farol/web/components/dialog";
import { AreaField } from "@farol/web/components/field";
import { ProblemNotice } from "@farol/web/components/notice";
import { useToast } from "@farol/web/components/toast";
import { useState, type FormEvent, type ReactElement } from "react";
import type { Alert } from "../../lib/contract";
import { useText } from "../../i18n/text";
import { useIntention } from "./use-intention";

const REASON_MIN = 10;

/** Sends a waiting alert back to its author with a written reason. */
export function ReturnButton({ alert }: { alert: Alert }): ReactElement {
  const text = useText();
  const say = useToast();
  const { decide, busy, error } = useIntention(alert.id);
  const [open, setOpen] = useState(false);
  const [reason, setReason] = useState("");
  const short = reason.trim().length < REASON_MIN;
  const send = (event: FormEvent) => {
    event.preventDefault();
    if (!busy && !short)
      decide({ action: "return", reason: reason.trim() }, { done: () => say(text("return.done")) });
  };
  return (
    <>
      <Button icon="back" onPress={() => setOpen(true)}>
        {text("return.open")}
      </Button>
      <Dialog
        title={text("return.title")}
        isOpen={open}
        onClose={() => setOpen(false)}
        locked={reason !== ""}
      >
        <form className="stack" onSubmit={send}>
          <ProblemNotice error={error} />
          <AreaField
            label={text("return.reason")}
            hint={text("return.hint", { n: REASON_MIN })}
            value={reason}
            onChange={setReason}
            autoFocus
          />
          <div className="button-row">
            <Button type="submit" tone="primary" isPending={busy} isDisabled={short}>
              {text("return.button")}
            </Button>
            <Button tone="quiet" onPress={() => setOpen(false)}>
              {text("dialog.close")}
            </Button>
          </div>
        </form>
      </Dialog>
    </>
  );
}
