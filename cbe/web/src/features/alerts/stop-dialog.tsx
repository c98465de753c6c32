// SPDX-License-Identifier: AGPL-3.0-or-later
import { Button, type ButtonSize } from "@farol/web/components/button";
import { Choices } from "@farol/web/components/choice";
import { Dialog } from "@farol/web/components/dialog";
import { CodeField, Field } from "@farol/web/components/field";
import { Notice, ProblemNotice } from "@farol/web/components/notice";
import { useToast } from "@farol/web/components/toast";
import { useState, type FormEvent, type ReactElement } from "react";
import { useConnectionLost } from "../../api/connection";
import { useSession } from "../../api/session";
import type { AlertSummary } from "../../lib/contract";
import { excerptOf } from "../../components/area-words";
import { useText } from "../../i18n/text";
import { useIntention } from "./use-intention";

const REASONS = ["over", "wrong", "replaced"] as const;

/** Stop in three: press Stop, type the code, press Enter. A reason is chosen already and can be changed. */
export function StopButton({
  alert,
  size = "normal",
}: {
  alert: Pick<AlertSummary, "id" | "excerpt">;
  size?: ButtonSize;
}): ReactElement {
  const text = useText();
  const [open, setOpen] = useState(false);
  return (
    <>
      <Button tone="danger" size={size} icon="square" onPress={() => setOpen(true)}>
        {text("stop.open")}
      </Button>
      <Dialog role="alertdialog" title={text("stop.title")} isOpen={open} onClose={() => setOpen(false)}>
        <StopForm alert={alert} onClose={() => setOpen(false)} />
      </Dialog>
    </>
  );
}

function StopForm({
  alert,
  onClose,
}: {
  alert: Pick<AlertSummary, "id" | "excerpt">;
  onClose: () => void;
}): ReactElement {
  const text = useText();
  const say = useToast();
  const lost = useConnectionLost();
  const phone = useSession().authority.help_phone ?? "";
  const { decide, busy, error } = useIntention(alert.id);
  const [reason, setReason] = useState<string>("over");
  const [more, setMore] = useState("");
  const [code, setCode] = useState("");
  const ready = code.length === 6 && !lost;
  const send = (event: FormEvent) => {
    event.preventDefault();
    if (!ready || busy) return;
    const chosen = REASONS.find((one) => one === reason) ?? "over";
    const words = text(`stop-reason.${chosen}`) + (more.trim() ? `: ${more.trim()}` : "");
    decide(
      { action: "stop", totp: code, reason: words },
      {
        done: () => {
          say(text("stop.done"));
          onClose();
        },
        always: () => setCode(""),
      },
    );
  };
  return (
    <form className="stack" onSubmit={send}>
      <p className="excerpt" dir="auto">
        {excerptOf(alert)}
      </p>
      {lost && (
        <Notice tone="warning">
          <p>{text("connection.lost-text", { phone: phone || "—" })}</p>
        </Notice>
      )}
      <ProblemNotice error={error} title={text("stop.refused")} />
      <CodeField
        label={text("code.label")}
        hint={text("code.hint-decision")}
        value={code}
        onChange={setCode}
        autoFocus
      />
      <Choices
        label={text("stop.reason")}
        value={reason}
        onChange={setReason}
        items={REASONS.map((key) => ({ key, title: text(`stop-reason.${key}`) }))}
      />
      <Field label={text("stop.more")} value={more} onChange={setMore} autoComplete="off" maxLength={500} />
      <div className="button-row">
        <Button type="submit" tone="danger" size="large" icon="square" isPending={busy} isDisabled={!ready}>
          {text("stop.button")}
        </Button>
        <Button tone="quiet" onPress={onClose}>
          {text("dialog.close")}
        </Button>
      </div>
    </form>
  );
}
