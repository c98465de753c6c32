// SPDX-License-Identifier: AGPL-3.0-or-later
import { Button, ButtonLink } from "@farol/web/components/button";
import { CodeField } from "@farol/web/components/field";
import { Notice, ProblemNotice } from "@farol/web/components/notice";
import { useToast } from "@farol/web/components/toast";
import { useState, type FormEvent, type ReactElement } from "react";
import { useConnectionLost } from "../../api/connection";
import type { Alert } from "../../lib/contract";
import { Checklist } from "../../components/checklist";
import { useText } from "../../i18n/text";
import { useIntention } from "./use-intention";

/** The end of writing: the checklist, and a fresh code to ask for approval. */
export function DraftBox({ alert }: { alert: Alert }): ReactElement {
  const text = useText();
  const say = useToast();
  const lost = useConnectionLost();
  const { decide, busy, error } = useIntention(alert.id);
  const [code, setCode] = useState("");
  const submit = alert.actions.find((one) => one.action === "submit");
  const edit = alert.actions.some((one) => one.action === "edit" && one.allowed);
  const send = (event: FormEvent) => {
    event.preventDefault();
    if (busy || lost || code.length !== 6) return;
    decide(
      { action: "submit", totp: code, version: alert.version },
      { done: () => say(text("submit.done")), always: () => setCode("") },
    );
  };
  return (
    <section id="decide" className="panel stack decide" aria-labelledby="decide-title">
      <h2 id="decide-title" tabIndex={-1}>
        {text("submit.title")}
      </h2>
      <Checklist items={alert.checklist} />
      <ProblemNotice error={error} title={text("submit.refused")} />
      {submit?.allowed ? (
        <form className="stack" onSubmit={send}>
          <p>
            {alert.eligible_approvers.length > 0
              ? text("submit.who", { names: alert.eligible_approvers.map((one) => one.name).join(", ") })
              : text("submit.nobody")}
          </p>
          <CodeField
            label={text("code.label")}
            hint={text("code.hint-decision")}
            value={code}
            onChange={setCode}
            isDisabled={lost}
          />
          <div className="button-row">
            <Button
              type="submit"
              tone="primary"
              size="large"
              isPending={busy}
              isDisabled={lost || code.length !== 6}
            >
              {text("submit.button")}
            </Button>
            {edit && (
              <ButtonLink icon="pencil" href={`/alerts/${alert.id}/edit`}>
                {text("do.edit")}
              </ButtonLink>
            )}
          </div>
        </form>
      ) : (
        <>
          {submit?.reason && (
            <Notice tone="info">
              <p>{submit.reason}</p>
            </Notice>
          )}
          {edit && (
            <div>
              <ButtonLink tone="primary" icon="pencil" href={`/alerts/${alert.id}/edit`}>
                {text("do.edit")}
              </ButtonLink>
            </div>
          )}
        </>
      )}
    </section>
  );
}
