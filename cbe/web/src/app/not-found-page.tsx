// SPDX-License-Identifier: AGPL-3.0-or-later
import type { ReactElement } from "react";
import { ButtonLink } from "@farol/web/components/button";
import { usePageTitle } from "../components/page-title";
import { useText } from "../i18n/text";

export function NotFoundPage(): ReactElement {
  const text = useText();
  usePageTitle(text("not-found.title"));
  return (
    <div className="stack">
      <h1>{text("not-found.title")}</h1>
      <p>{text("not-found.text")}</p>
      <p>
        <ButtonLink href="/" tone="primary">
          {text("nav.now")}
        </ButtonLink>
      </p>
    </div>
  );
}
