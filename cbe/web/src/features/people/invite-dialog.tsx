// SPDX-License-Identifier: AGPL-3.0-or-later
import { Button } from "@farol/web/components/button";
import { Dialog } from "@farol/web/components/dialog";
import { Field } from "@farol/web/components/field";
import { useState, type FormEvent, type ReactElement } from "react";
import type { Grant } from "../../lib/contract";
import { useText } from "../../i18n/text";
import { DeedDialog, type Wanted } from "./deed-dialog";
import { RoleTicks } from "./role-ticks";

const EMPTY = { username: "", name: "", email: "", identity: "" };

/** Who is to come and what they may do; then the code. */
export function InviteDialog({ isOpen, onClose }: { isOpen: boolean; onClose: () => void }): ReactElement {
  const text = useText();
  const [wanted, setWanted] = useState<Wanted | null>(null);
  return (
    <>
      <Dialog title={text("people.invite")} isOpen={isOpen && !wanted} onClose={onClose} locked>
        <InviteForm onWanted={setWanted} onClose={onClose} />
      </Dialog>
      <DeedDialog
        wanted={wanted}
        onClose={() => {
          setWanted(null);
          onClose();
        }}
      />
    </>
  );
}

function InviteForm({
  onWanted,
  onClose,
}: {
  onWanted: (wanted: Wanted) => void;
  onClose: () => void;
}): ReactElement {
  const text = useText();
  const [fields, setFields] = useState(EMPTY);
  const [roles, setRoles] = useState<Grant[]>([]);
  const ready = fields.username.trim() !== "" && fields.name.trim() !== "";
  const field = (key: keyof typeof EMPTY) => ({
    value: fields[key],
    onChange: (value: string) => setFields((now) => ({ ...now, [key]: value })),
    autoComplete: "off",
  });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (!ready) return;
    const trimmed = Object.fromEntries(
      Object.entries(fields).map(([key, value]) => [key, value.trim()]),
    ) as typeof EMPTY;
    onWanted({
      title: text("people.invite-name", { name: trimmed.name }),
      text: <p>{text("people.invite-text")}</p>,
      button: text("people.ask"),
      deed: () => ({ do: "invite", ...trimmed, username: trimmed.username.toLowerCase(), roles }),
    });
  };
  return (
    <form className="stack" onSubmit={submit}>
      <Field label={text("people.name")} autoFocus {...field("name")} maxLength={120} />
      <Field
        label={text("sign-in.username")}
        hint={text("people.username-hint")}
        {...field("username")}
        maxLength={64}
      />
      <Field label={text("people.email")} hint={text("people.email-hint")} {...field("email")} type="email" />
      <Field label={text("people.identity")} hint={text("people.identity-hint")} {...field("identity")} />
      <RoleTicks grants={roles} onChange={setRoles} />
      <div className="button-row">
        <Button type="submit" tone="primary" isDisabled={!ready}>
          {text("sign-in.next")}
        </Button>
        <Button tone="quiet" onPress={onClose}>
          {text("dialog.close")}
        </Button>
      </div>
    </form>
  );
}
