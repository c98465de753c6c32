// SPDX-License-Identifier: AGPL-3.0-or-later
import { BrandMark } from "@farol/web/components/icon";
import { Preferences } from "@farol/web/components/preferences";
import { useEffect, type ReactElement, type ReactNode } from "react";
import { useText } from "../i18n/text";

/** A page of somebody who isn't in the application yet: one card, one task. */
export function CardPage({ title, children }: { title: string; children: ReactNode }): ReactElement {
  const text = useText();
  useEffect(() => {
    document.title = `${title} · Farol`;
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
        <h1>{title}</h1>
        {children}
      </main>
      <footer className="footer">
        <div className="shell-inner">
          <Preferences />
        </div>
      </footer>
    </div>
  );
}
