// SPDX-License-Identifier: AGPL-3.0-or-later
import { Dialog } from "@farol/web/components/dialog";
import { Loading } from "@farol/web/components/loading";
import { ProblemNotice } from "@farol/web/components/notice";
import { useQueryClient } from "@tanstack/react-query";
import { useState, type ReactElement, type ReactNode } from "react";
import { holdSession, SESSION_KEY, SessionContext, useSessionQuery } from "../api/session";
import type { Session } from "../lib/contract";
import { DutyPage } from "../features/account/duty-page";
import { SignInForm } from "../features/session/sign-in-form";
import { SignInPage } from "../features/session/sign-in-page";
import { useText } from "../i18n/text";

/**
 * Nothing of the application is shown without a session. When a session ends under a page, the page stays as it is
 * and the sign-in is asked on top of it, so that what was being written is not lost.
 */
export function SessionGate({ children }: { children: ReactNode }): ReactElement {
  const text = useText();
  const client = useQueryClient();
  const query = useSessionQuery();
  const [before, setBefore] = useState<Session | null>(null);
  const session = query.data ?? null;
  if (session && session !== before) setBefore(session);

  if (query.isPending)
    return (
      <main className="shell-inner shell-main">
        <Loading />
      </main>
    );
  if (query.isError) {
    return (
      <main className="shell-inner shell-main">
        <h1>Farol</h1>
        <ProblemNotice error={query.error} />
      </main>
    );
  }
  const signedIn = (next: Session) => {
    holdSession(client, next);
    // Another person at the same screen starts with a fresh application.
    if (before && before.user.id !== next.user.id) location.assign("/");
    else void client.invalidateQueries({ predicate: (one) => one.queryKey[0] !== "session" });
  };
  if (session?.duty)
    return (
      <DutyPage duty={session.duty} onDone={() => void client.invalidateQueries({ queryKey: SESSION_KEY })} />
    );
  const shown = session ?? before;
  if (!shown) return <SignInPage onSignedIn={signedIn} />;
  return (
    <SessionContext value={shown}>
      {children}
      <Dialog title={text("sign-in.again")} isOpen={session === null} onClose={() => undefined} locked>
        <p>{text("sign-in.again-text")}</p>
        <SignInForm onSignedIn={signedIn} username={shown.user.username} />
      </Dialog>
    </SessionContext>
  );
}
