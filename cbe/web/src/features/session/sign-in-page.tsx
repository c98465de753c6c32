// SPDX-License-Identifier: AGPL-3.0-or-later
import { BrandMark } from "@farol/web/components/icon";
import { Preferences } from "@farol/web/components/preferences";
import { useEffect, type ReactElement } from "react";
import type { Session } from "../../lib/contract";
import { useText } from "../../i18n/text";
import { SignInForm } from "./sign-in-form";

export function SignInPage({ onSignedIn }: { onSignedIn: (session: Session) => void }): ReactElement {
  const text = useText();
  useEffect(() => {
    document.title = `${text("sign-in.title")} · Farol`;
  });
  return (
    <div className="sign-in">
      <header className="sign-in-brand">
        <BrandMark />
        <div>
          <p className="bar-product">Farol</p>
          <p className="bar-tenant">{text("product.long")}</p>
        </div>
      </header>
      <main className="sign-in-card panel">
        <h1>{text("sign-in.title")}</h1>
        <SignInForm onSignedIn={onSignedIn} />
      </main>
      <footer className="footer">
        <div className="shell-inner">
          <Preferences />
        </div>
      </footer>
    </div>
  );
}
