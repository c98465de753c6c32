// SPDX-License-Identifier: AGPL-3.0-or-later
import { Button } from "@farol/web/components/button";
import { Dialog } from "@farol/web/components/dialog";
import { AreaField, CodeField } from "@farol/web/components/field";
import { Notice, ProblemNotice } from "@farol/web/components/notice";
import { useState, type FormEvent, type ReactElement, type ReactNode } from "react";
import { isRequest, useDeed, type Deed, type Outcome } from "../../api/people";
import { CopyButton } from "../../components/new-secret";
import { useText } from "../../i18n/text";

export interface Wanted {
  title: string;
  text: ReactNode;
  button: string;
  danger?: boolean;
  /** A refusal says why. */
  wantsReason?: boolean;
  deed: (reason: string) => Deed;
}

/** One administrator's wish: what it means, a fresh code, and then what came of it. */
export function DeedDialog({
  wanted,
  onClose,
}: {
  wanted: Wanted | null;
  onClose: () => void;
}): ReactElement {
  return (
    <Dialog title={wanted?.title ?? ""} isOpen={wanted !== null} onClose={onClose} locked>
      {wanted && <DeedForm wanted={wanted} onClose={onClose} />}
    </Dialog>
  );
}

function DeedForm({ wanted, onClose }: { wanted: Wanted; onClose: () => void }): ReactElement {
  const text = useText();
  const deed = useDeed();
  const [code, setCode] = useState("");
  const [reason, setReason] = useState("");
  const ready = code.length === 6 && (!wanted.wantsReason || reason.trim().length >= 3);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (!ready || deed.isPending) return;
    deed.mutate({ deed: wanted.deed(reason.trim()), totp: code }, { onSettled: () => setCode("") });
  };
  if (deed.data) return <Result outcome={deed.data} onClose={onClose} />;
  return (
    <form className="stack" onSubmit={submit}>
      <div>{wanted.text}</div>
      <ProblemNotice error={deed.error} title={text("deed.refused")} />
      {wanted.wantsReason && (
        <AreaField label={text("deed.reason")} value={reason} onChange={setReason} autoFocus />
      )}
      <CodeField
        label={text("code.label")}
        hint={text("code.hint-decision")}
        value={code}
        onChange={setCode}
        autoFocus={!wanted.wantsReason}
      />
      <div className="button-row">
        <Button
          type="submit"
          tone={wanted.danger ? "danger" : "primary"}
          isPending={deed.isPending}
          isDisabled={!ready}
        >
          {wanted.button}
        </Button>
        <Button tone="quiet" onPress={onClose}>
          {text("dialog.close")}
        </Button>
      </div>
    </form>
  );
}

/** Done; or waiting for somebody else; or with something that is shown only now. */
function Result({ outcome, onClose }: { outcome: Outcome; onClose: () => void }): ReactElement {
  const text = useText();
  const waits = isRequest(outcome) && outcome.status === "waiting";
  const password = isRequest(outcome) ? undefined : outcome.temporary_password;
  const token = isRequest(outcome) ? undefined : outcome.invitation_token;
  const link = token && `${location.origin}/invitation#${token}`;
  return (
    <div className="stack">
      {waits && (
        <Notice tone="info" title={text("deed.waits")}>
          <p>{text("deed.waits-text")}</p>
        </Notice>
      )}
      {password && <Once title={text("deed.password")} words={password} note={text("deed.password-text")} />}
      {link && <Once title={text("deed.link")} words={link} note={text("deed.link-text")} />}
      {!waits && !password && !link && <Notice tone="success" title={text("deed.done")} />}
      <div>
        <Button tone="primary" onPress={onClose}>
          {text("dialog.close")}
        </Button>
      </div>
    </div>
  );
}

function Once({ title, words, note }: { title: string; words: string; note: string }): ReactElement {
  return (
    <>
      <Notice tone="warning" title={title}>
        <p>{note}</p>
      </Notice>
      <p className="secret">
        <code>{words}</code>
      </p>
      <div>
        <CopyButton words={words} />
      </div>
    </>
  );
}
