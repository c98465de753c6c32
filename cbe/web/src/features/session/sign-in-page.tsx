// SPDX-License-Identifier: AGPL-3.0-or-later
import type { ReactElement } from "react";
import type { Session } from "../../lib/contract";
import { CardPage } from "../../components/card-page";
import { useText } from "../../i18n/text";
import { SignInForm } from "./sign-in-form";

export function SignInPage({ onSignedIn }: { onSignedIn: (session: Session) => void }): ReactElement {
  const text = useText();
  return (
    <CardPage title={text("sign-in.title")}>
      <SignInForm onSignedIn={onSignedIn} />
      <p>
        <a href="/forgotten-password">{text("forgotten.link")}</a>
      </p>
    </CardPage>
  );
}
