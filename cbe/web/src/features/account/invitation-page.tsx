// SPDX-License-Identifier: AGPL-3.0-or-later
import { Button, ButtonLink } from "@farol/web/components/button";
import { CodeField, Field } from "@farol/web/components/field";
import { Loading } from "@farol/web/components/loading";
import { ProblemNotice } from "@farol/web/components/notice";
import { useQuery } from "@tanstack/react-query";
import { useState, type FormEvent, type ReactElement } from "react";
import { acceptInvitation, openInvitation } from "../../api/account";
import { CardPage } from "../../components/card-page";
import { NewPassword } from "../../components/new-password";
import { BackupCodes, NewSecret } from "../../components/new-secret";
import { useTask } from "../../components/use-task";
import { useText } from "../../i18n/text";

/** The link of an invitation. Its token stands behind the #, which no browser sends to a server. */
export function InvitationPage(): ReactElement {
  const text = useText();
  const [token] = useState(() => location.hash.slice(1));
  const query = useQuery({
    queryKey: ["invitation", token],
    queryFn: () => openInvitation(token),
    retry: false,
    staleTime: Infinity,
    refetchOnWindowFocus: false,
  });
  const [codes, setCodes] = useState<string[] | null>(null);
  const [kept, setKept] = useState(false);
  return (
    <CardPage title={text("invitation.title")}>
      {query.isPending && <Loading />}
      {query.isError && <ProblemNotice error={query.error} title={text("invitation.refused")} />}
      {query.data && !codes && (
        <Accept token={token} opened={query.data} onAccepted={(made) => setCodes(made)} />
      )}
      {codes && !kept && <BackupCodes codes={codes} onKept={() => setKept(true)} />}
      {kept && (
        <>
          <p>{text("invitation.done")}</p>
          <ButtonLink href="/" tone="primary" size="large">
            {text("sign-in.title")}
          </ButtonLink>
        </>
      )}
    </CardPage>
  );
}

function Accept({
  token,
  opened,
  onAccepted,
}: {
  token: string;
  opened: Awaited<ReturnType<typeof openInvitation>>;
  onAccepted: (codes: string[]) => void;
}): ReactElement {
  const text = useText();
  const { busy, error, run } = useTask();
  const [password, setPassword] = useState("");
  const [code, setCode] = useState("");
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (!password || code.length !== 6) return;
    run(async () => {
      try {
        onAccepted(await acceptInvitation(token, password, code));
      } catch (problem) {
        setCode("");
        throw problem;
      }
    });
  };
  return (
    <form className="stack" onSubmit={submit}>
      <p>{text("invitation.text", { name: opened.name })}</p>
      <Field
        label={text("sign-in.username")}
        name="username"
        autoComplete="username"
        value={opened.username}
        isReadOnly
      />
      <NewPassword onChange={setPassword} />
      <NewSecret made={opened} />
      <CodeField label={text("code.label")} hint={text("totp.code-hint")} value={code} onChange={setCode} />
      <ProblemNotice error={error} title={text("invitation.not-yet")} />
      <Button
        type="submit"
        tone="primary"
        size="large"
        isPending={busy}
        isDisabled={!password || code.length !== 6}
      >
        {text("invitation.accept")}
      </Button>
    </form>
  );
}
