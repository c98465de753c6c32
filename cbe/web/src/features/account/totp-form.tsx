// SPDX-License-Identifier: AGPL-3.0-or-later
import { Button } from "@farol/web/components/button";
import { CodeField } from "@farol/web/components/field";
import { ProblemNotice } from "@farol/web/components/notice";
import { useState, type FormEvent, type ReactElement } from "react";
import { beginTotp, confirmTotp } from "../../api/account";
import { BackupCodes, NewSecret } from "../../components/new-secret";
import { useTask } from "../../components/use-task";
import type { NewTotp } from "../../lib/contract";
import { useText } from "../../i18n/text";

/** A new second factor: shown, confirmed with a code of its own, then the backup codes, once. */
export function TotpForm({ hasOne, onDone }: { hasOne: boolean; onDone: () => void }): ReactElement {
  const text = useText();
  const { busy, error, run } = useTask();
  const [made, setMade] = useState<NewTotp | null>(null);
  const [codes, setCodes] = useState<string[] | null>(null);
  const [code, setCode] = useState("");
  const ready = code.length === 6 || (!made && !hasOne);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (!ready) return;
    run(async () => {
      try {
        if (made) setCodes(await confirmTotp(code));
        else setMade(await beginTotp(code));
      } finally {
        setCode("");
      }
    });
  };
  if (codes) return <BackupCodes codes={codes} onKept={onDone} />;
  return (
    <form className="stack narrow" onSubmit={submit}>
      {made && <NewSecret made={made} />}
      <ProblemNotice error={error} title={text("totp.refused")} />
      {(made || hasOne) && (
        <CodeField
          label={text(made ? "totp.new-code" : "totp.old-code")}
          hint={text(made ? "totp.code-hint" : "code.hint-decision")}
          value={code}
          onChange={setCode}
        />
      )}
      <div>
        <Button type="submit" tone="primary" isPending={busy} isDisabled={!ready}>
          {text(made ? "totp.confirm" : "totp.begin")}
        </Button>
      </div>
    </form>
  );
}
