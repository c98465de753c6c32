// SPDX-License-Identifier: AGPL-3.0-or-later
import { valueOf } from "@farol/web/api/client";
import { Refusal } from "@farol/web/api/refusal";
import { Button } from "@farol/web/components/button";
import { CodeField, Field } from "@farol/web/components/field";
import { ProblemNotice } from "@farol/web/components/notice";
import { useState, type FormEvent, type ReactElement } from "react";
import { http } from "../../api/client";
import type { Session } from "../../lib/contract";
import { useText } from "../../i18n/text";

const BACKUP_LEAST = 10;

interface Props {
  onSignedIn: (session: Session) => void;
  username?: string;
}

/** Password, then the code of the authenticator application, each on its own step. */
export function SignInForm({ onSignedIn, username = "" }: Props): ReactElement {
  const text = useText();
  const [challenge, setChallenge] = useState<string | null>(null);
  const [error, setError] = useState<unknown>(null);
  const ask = async (body: { username: string; password: string } | { challenge: string; totp: string }) => {
    setError(null);
    try {
      const answer = await valueOf(http.POST("/api/v1/session", { body }));
      if ("challenge" in answer) setChallenge(answer.challenge);
      else onSignedIn(answer);
    } catch (problem) {
      setError(problem);
      throw problem;
    }
  };
  const startOver = () => {
    setChallenge(null);
    setError(null);
  };
  return (
    <div className="stack">
      <ProblemNotice error={error} title={text("sign-in.refused")} />
      {challenge === null ? (
        <PasswordStep username={username} onNext={(name, password) => ask({ username: name, password })} />
      ) : (
        <CodeStep
          onBack={startOver}
          onCode={(totp) => ask({ challenge, totp })}
          onRefused={(problem) => {
            if (problem instanceof Refusal) setChallenge(null);
          }}
        />
      )}
    </div>
  );
}

function PasswordStep({
  username,
  onNext,
}: {
  username: string;
  onNext: (username: string, password: string) => Promise<void>;
}): ReactElement {
  const text = useText();
  const [name, setName] = useState(username);
  const [password, setPassword] = useState("");
  const [busy, setBusy] = useState(false);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (busy || !name || !password) return;
    setBusy(true);
    onNext(name.trim(), password)
      .catch(() => setPassword(""))
      .finally(() => setBusy(false));
  };
  return (
    <form className="stack" onSubmit={submit}>
      <Field
        label={text("sign-in.username")}
        name="username"
        autoComplete="username"
        value={name}
        onChange={setName}
        autoFocus={username === ""}
      />
      <Field
        label={text("sign-in.password")}
        name="password"
        type="password"
        autoComplete="current-password"
        value={password}
        onChange={setPassword}
        autoFocus={username !== ""}
      />
      <Button type="submit" tone="primary" size="large" isPending={busy} isDisabled={!name || !password}>
        {text("sign-in.next")}
      </Button>
    </form>
  );
}

function CodeStep({
  onCode,
  onBack,
  onRefused,
}: {
  onCode: (totp: string) => Promise<void>;
  onBack: () => void;
  onRefused: (problem: unknown) => void;
}): ReactElement {
  const text = useText();
  const [code, setCode] = useState("");
  const [backup, setBackup] = useState(false);
  const [busy, setBusy] = useState(false);
  const ready = backup ? code.trim().length >= BACKUP_LEAST : code.length === 6;
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (busy || !ready) return;
    setBusy(true);
    onCode(code).catch((problem: unknown) => {
      setCode("");
      setBusy(false);
      onRefused(problem);
    });
  };
  return (
    <form className="stack" onSubmit={submit}>
      {backup ? (
        <Field
          label={text("backup.label")}
          hint={text("backup.hint")}
          name="backup"
          autoComplete="off"
          value={code}
          onChange={setCode}
          autoFocus
        />
      ) : (
        <CodeField
          label={text("code.label")}
          hint={text("code.hint")}
          value={code}
          onChange={setCode}
          autoFocus
        />
      )}
      <div className="button-row">
        <Button type="submit" tone="primary" size="large" isPending={busy} isDisabled={!ready}>
          {text("sign-in.submit")}
        </Button>
        <Button tone="quiet" onPress={onBack}>
          {text("sign-in.back")}
        </Button>
      </div>
      {!backup && (
        <div>
          <Button
            tone="quiet"
            size="small"
            onPress={() => {
              setBackup(true);
              setCode("");
            }}
          >
            {text("backup.use")}
          </Button>
        </div>
      )}
    </form>
  );
}
