// SPDX-License-Identifier: AGPL-3.0-or-later
import { Button } from "@farol/web/components/button";
import { CodeField } from "@farol/web/components/field";
import { Loading } from "@farol/web/components/loading";
import { ProblemNotice } from "@farol/web/components/notice";
import { useToast } from "@farol/web/components/toast";
import { useQueryClient } from "@tanstack/react-query";
import { useState, type FormEvent, type ReactElement } from "react";
import { ACCOUNT_KEY, newBackupCodes, useAccount } from "../../api/account";
import { BackupCodes } from "../../components/new-secret";
import { usePageTitle } from "../../components/page-title";
import { useTask } from "../../components/use-task";
import { useText } from "../../i18n/text";
import { OwnSessions } from "./own-sessions";
import { PasswordForm } from "./password-form";
import { TotpForm } from "./totp-form";

type Task = "password" | "totp" | "codes";

export function AccountPage(): ReactElement {
  const text = useText();
  const say = useToast();
  const client = useQueryClient();
  const account = useAccount();
  const [task, setTask] = useState<Task | null>(null);
  usePageTitle(text("account.title"));
  const done = (words: string) => {
    setTask(null);
    say(words);
    void client.invalidateQueries({ queryKey: ACCOUNT_KEY });
  };
  if (account.isPending) return <Loading />;
  if (account.isError) return <ProblemNotice error={account.error} />;
  const { name, username, email, second_factor: hasOne, backup_codes_left: left } = account.data;
  return (
    <>
      <div className="page-head">
        <h1>{text("account.title")}</h1>
      </div>
      <section className="panel stack">
        <dl className="facts">
          <dt>{text("people.name")}</dt>
          <dd>{name}</dd>
          <dt>{text("sign-in.username")}</dt>
          <dd>{username}</dd>
          <dt>{text("people.email")}</dt>
          <dd>{email || text("people.no-email")}</dd>
        </dl>
      </section>
      <section className="panel stack">
        <h2>{text("account.password")}</h2>
        {task === "password" ? (
          <PasswordForm onChanged={() => done(text("account.password-done"))} />
        ) : (
          <div>
            <Button onPress={() => setTask("password")}>{text("account.password-change")}</Button>
          </div>
        )}
      </section>
      <section className="panel stack">
        <h2>{text("account.totp")}</h2>
        <p>{text("account.codes-left", { n: left ?? 0 })}</p>
        {task === "totp" && <TotpForm hasOne={hasOne} onDone={() => done(text("account.totp-done"))} />}
        {task === "codes" && <NewCodes onDone={() => done(text("account.codes-done"))} />}
        {task !== "totp" && task !== "codes" && (
          <div className="button-row">
            <Button onPress={() => setTask("totp")}>{text("account.totp-new")}</Button>
            <Button onPress={() => setTask("codes")}>{text("account.codes-new")}</Button>
          </div>
        )}
      </section>
      <OwnSessions />
    </>
  );
}

function NewCodes({ onDone }: { onDone: () => void }): ReactElement {
  const text = useText();
  const { busy, error, run } = useTask();
  const [code, setCode] = useState("");
  const [codes, setCodes] = useState<string[] | null>(null);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (code.length !== 6) return;
    run(async () => {
      try {
        setCodes(await newBackupCodes(code));
      } finally {
        setCode("");
      }
    });
  };
  if (codes) return <BackupCodes codes={codes} onKept={onDone} />;
  return (
    <form className="stack narrow" onSubmit={submit}>
      <ProblemNotice error={error} title={text("totp.refused")} />
      <CodeField
        label={text("code.label")}
        hint={text("code.hint-decision")}
        value={code}
        onChange={setCode}
        autoFocus
      />
      <div>
        <Button type="submit" tone="primary" isPending={busy} isDisabled={code.length !== 6}>
          {text("account.codes-new")}
        </Button>
      </div>
    </form>
  );
}
