// SPDX-License-Identifier: AGPL-3.0-or-later
import { AreaField } from "@farol/web/components/field";
import { ButtonLink } from "@farol/web/components/button";
import { Notice } from "@farol/web/components/notice";
import type { ReactElement } from "react";
import type { DraftFields } from "../../api/alerts";
import { Checklist } from "../../components/checklist";
import { useText } from "../../i18n/text";
import type { Draft } from "./draft";
import { Section } from "./section";

/** The server's checklist, and the way on: reading it once more as it would be sent. */
export function CheckSection({
  draft,
  onEdit,
}: {
  draft: Draft;
  onEdit: (change: Partial<DraftFields>) => void;
}): ReactElement {
  const text = useText();
  const { alert, phase } = draft;
  const ready =
    alert !== null && phase === "clean" && alert.checklist.every((one) => one.state !== "problem");
  return (
    <Section name="check">
      <AreaField
        label={text("check.note")}
        hint={text("check.note-hint")}
        value={draft.fields.note}
        onChange={(note) => onEdit({ note: note.slice(0, 1000) })}
      />
      {alert ? <Checklist items={alert.checklist} /> : <p className="soft">{text("check.nothing")}</p>}
      {ready && alert ? (
        <div>
          <ButtonLink tone="primary" size="large" href={`/alerts/${alert.id}`}>
            {text("check.review")}
          </ButtonLink>
        </div>
      ) : (
        alert &&
        phase === "clean" && (
          <Notice tone="info">
            <p>{text("check.not-ready")}</p>
          </Notice>
        )
      )}
    </Section>
  );
}
