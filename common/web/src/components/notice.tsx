// SPDX-License-Identifier: AGPL-3.0-or-later
import { useState, type ReactElement, type ReactNode } from "react";
import { Refusal, Unsure } from "../api/refusal";
import { useKitText } from "../i18n/kit";
import { Button } from "./button";
import { Icon, type IconName } from "./icon";

const ICONS = {
  info: "info",
  success: "check",
  warning: "triangle",
  danger: "alert",
} as const satisfies Record<string, IconName>;

export function Notice({
  tone,
  title,
  children,
  assertive,
}: {
  tone: keyof typeof ICONS;
  title?: ReactNode;
  children?: ReactNode;
  assertive?: boolean;
}): ReactElement {
  return (
    <div className={`notice notice-${tone}`} role={assertive ? "alert" : "note"}>
      <Icon name={ICONS[tone]} />
      <div className="notice-body">
        {title && <p className="notice-title">{title}</p>}
        {children}
      </div>
    </div>
  );
}

/** What the server said, word for word, with the id to quote on the phone; field problems as a list. */
export function ProblemNotice({ error, title }: { error: unknown; title?: ReactNode }): ReactElement | null {
  const text = useKitText();
  if (!error) return null;
  const refusal = error instanceof Refusal ? error : null;
  const sentence = refusal?.message ?? text(error instanceof Unsure ? "kit.unsure" : "kit.unreachable");
  return (
    <Notice tone="danger" title={title} assertive>
      <p>{sentence}</p>
      {refusal && refusal.fields.length > 0 && (
        <ul>
          {refusal.fields.map((field) => (
            <li key={field.field + field.detail}>{field.detail}</li>
          ))}
        </ul>
      )}
      {refusal?.requestId && <RequestId id={refusal.requestId} />}
    </Notice>
  );
}

function RequestId({ id }: { id: string }): ReactElement {
  const text = useKitText();
  const [copied, setCopied] = useState(false);
  const copy = async () => {
    await navigator.clipboard.writeText(id);
    setCopied(true);
  };
  return (
    <p className="request">
      <span>
        {text("kit.request")} <code>{id}</code>
      </span>
      <Button tone="quiet" size="small" icon="copy" onPress={copy}>
        {text(copied ? "kit.copied" : "kit.copy")}
      </Button>
    </p>
  );
}
