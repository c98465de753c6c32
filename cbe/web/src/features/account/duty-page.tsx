// SPDX-License-Identifier: AGPL-3.0-or-later
import type { ReactElement } from "react";
import { signOut } from "../../api/session";
import { CardPage } from "../../components/card-page";
import type { Session } from "../../lib/contract";
import { useText } from "../../i18n/text";
import { PasswordForm } from "./password-form";
import { TotpForm } from "./totp-form";
import { Button } from "@farol/web/components/button";

/** What must be done before anything else: an own password, a second factor. */
export function DutyPage({
  duty,
  onDone,
}: {
  duty: NonNullable<Session["duty"]>;
  onDone: () => void;
}): ReactElement {
  const text = useText();
  return (
    <CardPage title={text(`duty-title.${duty}`)}>
      <p>{text(`duty-text.${duty}`)}</p>
      {duty === "change-password" ? (
        <PasswordForm onChanged={onDone} />
      ) : (
        <TotpForm hasOne={false} onDone={onDone} />
      )}
      <div>
        <Button tone="quiet" onPress={() => void signOut()}>
          {text("nav.sign-out")}
        </Button>
      </div>
    </CardPage>
  );
}
