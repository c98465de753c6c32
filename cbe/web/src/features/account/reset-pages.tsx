// SPDX-License-Identifier: AGPL-3.0-or-later
//
// Who forgot a password asks for a link; who opens the link chooses another one.
import { Button, ButtonLink } from "@farol/web/components/button";
import { Field } from "@farol/web/components/field";
import { Notice, ProblemNotice } from "@farol/web/components/notice";
import { useState, type FormEvent, type ReactElement } from "react";
import { askForReset, resetPassword } from "../../api/account";
import { CardPage } from "../../components/card-page";
import { NewPassword } from "../../components/new-password";
import { useTask } from "../../components/use-task";
import { useText } from "../../i18n/text";

export function ForgottenPage(): ReactElement {
  const text = useText();
  const { busy, error, run } = useTask();
  const [name, setName] = useState("");
  const [mailed, setMailed] = useState<boolean | null>(null);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (name.trim()) run(async () => setMailed(await askForReset(name.trim())));
  };
  return (
    <CardPage title={text("forgotten.title")}>
      {mailed !== null ? (
        <Notice
          tone={mailed ? "info" : "warning"}
          title={text(mailed ? "forgotten.asked" : "forgotten.no-mail")}
        >
          <p>{text(mailed ? "forgotten.asked-text" : "forgotten.no-mail-text")}</p>
        </Notice>
      ) : (
        <form className="stack" onSubmit={submit}>
          <p>{text("forgotten.text")}</p>
          <ProblemNotice error={error} />
          <Field
            label={text("forgotten.name")}
            name="username"
            autoComplete="username"
            value={name}
            onChange={setName}
            autoFocus
          />
          <Button type="submit" tone="primary" size="large" isPending={busy} isDisabled={!name.trim()}>
            {text("forgotten.send")}
          </Button>
        </form>
      )}
      <p>
        <a href="/">{text("forgotten.back")}</a>
      </p>
    </CardPage>
  );
}

/** The token stands behind the #, which no browser sends to a server. */
export function ResetPage(): ReactElement {
  const text = useText();
  const { busy, error, run } = useTask();
  const [token] = useState(() => location.hash.slice(1));
  const [password, setPassword] = useState("");
  const [done, setDone] = useState(false);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (!password) return;
    run(async () => {
      await resetPassword(token, password);
      setDone(true);
    });
  };
  return (
    <CardPage title={text("reset.title")}>
      {done ? (
        <>
          <Notice tone="success" title={text("reset.done")}>
            <p>{text("reset.done-text")}</p>
          </Notice>
          <ButtonLink href="/" tone="primary" size="large">
            {text("sign-in.title")}
          </ButtonLink>
        </>
      ) : (
        <form className="stack" onSubmit={submit}>
          <ProblemNotice error={error} title={text("password.refused")} />
          <NewPassword onChange={setPassword} />
          <Button type="submit" tone="primary" size="large" isPending={busy} isDisabled={!password}>
            {text("password.save")}
          </Button>
          <p>
            <a href="/forgotten-password">{text("reset.another")}</a>
          </p>
        </form>
      )}
    </CardPage>
  );
}
