// SPDX-License-Identifier: AGPL-3.0-or-later
import { Button } from "@farol/web/components/button";
import { Field } from "@farol/web/components/field";
import { ProblemNotice } from "@farol/web/components/notice";
import { useState, type FormEvent, type ReactElement } from "react";
import { changePassword } from "../../api/account";
import { NewPassword } from "../../components/new-password";
import { useTask } from "../../components/use-task";
import { useText } from "../../i18n/text";

export function PasswordForm({ onChanged }: { onChanged: () => void }): ReactElement {
  const text = useText();
  const { busy, error, run } = useTask();
  const [current, setCurrent] = useState("");
  const [password, setPassword] = useState("");
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (!current || !password) return;
    run(async () => {
      await changePassword(current, password);
      onChanged();
    });
  };
  return (
    <form className="stack narrow" onSubmit={submit}>
      <ProblemNotice error={error} title={text("password.refused")} />
      <Field
        label={text("password.current")}
        name="password"
        type="password"
        autoComplete="current-password"
        value={current}
        onChange={setCurrent}
      />
      <NewPassword onChange={setPassword} />
      <div>
        <Button type="submit" tone="primary" isPending={busy} isDisabled={!current || !password}>
          {text("password.save")}
        </Button>
      </div>
    </form>
  );
}
