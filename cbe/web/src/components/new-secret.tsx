// SPDX-License-Identifier: AGPL-3.0-or-later
import { Button } from "@farol/web/components/button";
import { Notice } from "@farol/web/components/notice";
import { useState, type ReactElement } from "react";
import type { NewTotp } from "../lib/contract";
import { grouped, qrPath } from "../lib/secret";
import { useText } from "../i18n/text";

/** The secret of a new second factor: to be scanned, or typed where nothing can be scanned. */
export function NewSecret({ made }: { made: NewTotp }): ReactElement {
  const text = useText();
  const qr = qrPath(made.qr_svg);
  return (
    <div className="stack">
      <p>{text("totp.scan")}</p>
      {qr && (
        <svg
          className="qr"
          viewBox={`0 0 ${qr.size} ${qr.size}`}
          role="img"
          aria-label={text("totp.picture")}
          shapeRendering="crispEdges"
        >
          <rect width={qr.size} height={qr.size} fill="#fff" />
          <path d={qr.path} fill="#000" />
        </svg>
      )}
      <p className="secret">
        <span>{text("totp.type")}</span>
        <code>{grouped(made.secret)}</code>
      </p>
    </div>
  );
}

/** Shown once. Going on is a deliberate act. */
export function BackupCodes({ codes, onKept }: { codes: string[]; onKept: () => void }): ReactElement {
  const text = useText();
  return (
    <div className="stack">
      <Notice tone="warning" title={text("backup.title")}>
        <p>{text("backup.text")}</p>
      </Notice>
      <ul className="backup-codes">
        {codes.map((code) => (
          <li key={code}>
            <code>{code}</code>
          </li>
        ))}
      </ul>
      <div className="button-row">
        <CopyButton words={codes.join("\n")} />
        <Button tone="primary" onPress={onKept}>
          {text("backup.kept")}
        </Button>
      </div>
    </div>
  );
}

export function CopyButton({ words }: { words: string }): ReactElement {
  const text = useText();
  const [copied, setCopied] = useState(false);
  const copy = async () => {
    await navigator.clipboard.writeText(words);
    setCopied(true);
  };
  return (
    <Button icon="copy" onPress={() => void copy()}>
      {text(copied ? "kit.copied" : "kit.copy")}
    </Button>
  );
}
