// SPDX-License-Identifier: AGPL-3.0-or-later
import { Button } from "@farol/web/components/button";
import { Dialog } from "@farol/web/components/dialog";
import { CodeField, Field } from "@farol/web/components/field";
import { Notice, ProblemNotice } from "@farol/web/components/notice";
import { useToast } from "@farol/web/components/toast";
import { useEffect, useReducer, useState, type FormEvent, type ReactElement } from "react";
import { useConnectionLost } from "../../api/connection";
import { useChannels } from "../../api/reference";
import type { Alert } from "../../lib/contract";
import { useAreaWords } from "../../components/area-words";
import { useText } from "../../i18n/text";
import { readContent } from "../../lib/content";
import { approvalReducer, sameWord } from "./approval";
import { ReturnButton } from "./return-dialog";
import { useIntention } from "./use-intention";

/** The decision, at the end of the page: after the text has been read. It is bound to the digest that was shown. */
export function ApproveBox({
  alert,
  channel,
  seen,
  onReadAgain,
}: {
  alert: Alert;
  channel: string;
  seen: string | null;
  onReadAgain: () => void;
}): ReactElement {
  const text = useText();
  const approve = alert.actions.find((one) => one.action === "approve");
  const mayReturn = alert.actions.some((one) => one.action === "return" && one.allowed);
  const changed = seen !== alert.digest;
  return (
    <section id="decide" className="panel stack decide" aria-labelledby="decide-title">
      <h2 id="decide-title" tabIndex={-1}>
        {text("approve.title")}
      </h2>
      {!approve?.allowed && (
        <Notice tone="info">
          <p>{approve?.reason || text("approve.not-you")}</p>
        </Notice>
      )}
      {approve?.allowed && changed && (
        <Notice tone="warning" title={text("approve.changed")} assertive>
          <div>
            <Button size="small" onPress={onReadAgain}>
              {text("approve.read-again")}
            </Button>
          </div>
        </Notice>
      )}
      {approve?.allowed && !changed && seen && readContent(alert.content) && (
        <ApproveForm alert={alert} digest={seen} channel={channel} />
      )}
      {mayReturn && (
        <div className="decide-other">
          <ReturnButton alert={alert} />
        </div>
      )}
    </section>
  );
}

function ApproveForm({
  alert,
  digest,
  channel,
}: {
  alert: Alert;
  digest: string;
  channel: string;
}): ReactElement {
  const text = useText();
  const say = useToast();
  const lost = useConnectionLost();
  const areaWords = useAreaWords();
  const optOut = useChannels().data?.find((one) => one.key === alert.channel)?.opt_out;
  const { decide, busy, error } = useIntention(alert.id);
  const [word, setWord] = useState("");
  const [code, setCode] = useState("");
  const [approval, act] = useReducer(approvalReducer, { phase: "form" });
  const wanted = text(`approve.word.${alert.mode}`);
  const ready = sameWord(word, wanted) && code.length === 6 && !lost;

  const { phase } = approval;
  useEffect(() => {
    if (phase !== "counting") return;
    const timer = setInterval(() => act("tick"), 1000);
    return () => clearInterval(timer);
  }, [phase]);
  useEffect(() => {
    if (phase !== "sending") return;
    decide(
      { action: "approve", totp: code, digest },
      {
        done: () => say(text("approve.done")),
        always: () => {
          setCode("");
          act("answered");
        },
      },
    );
    // Sent once for each time the countdown ends, with what stood in the form then.
  }, [phase]);
  const press = (event: FormEvent) => {
    event.preventDefault();
    if (ready && !busy) act("press");
  };
  return (
    <form className="stack" onSubmit={press}>
      <p className="approve-sentence">
        {text(`approve.sentence.${alert.mode}`, { channel, area: areaWords(alert.area) })}
        {optOut === "no" && alert.mode === "live" && (
          <>
            {" "}
            <strong>{text("approve.no-opt-out")}</strong>
          </>
        )}
      </p>
      <ProblemNotice error={error} title={text("approve.refused")} />
      <div className="approve-fields">
        <Field
          label={text("approve.word-label", { word: wanted })}
          value={word}
          onChange={setWord}
          autoComplete="off"
          inputClass="input-word"
        />
        <CodeField
          label={text("code.label")}
          hint={text("code.hint-decision")}
          value={code}
          onChange={setCode}
        />
      </div>
      <div className="button-row">
        <Button
          type="submit"
          tone={alert.mode === "live" ? "danger" : "primary"}
          size="large"
          icon={alert.mode === "live" ? "tower" : "training"}
          isPending={busy}
          isDisabled={!ready}
        >
          {text(`approve.button.${alert.mode}`)}
        </Button>
      </div>
      <Dialog
        role="alertdialog"
        title={text(`countdown.title.${alert.mode}`)}
        isOpen={approval.phase === "counting"}
        onClose={() => act("cancel")}
      >
        {approval.phase === "counting" && (
          <>
            <p className="countdown" role="timer">
              {approval.left}
            </p>
            <p>{text("countdown.text")}</p>
            <Button tone="secondary" size="large" autoFocus onPress={() => act("cancel")}>
              {text("countdown.cancel")}
            </Button>
          </>
        )}
      </Dialog>
    </form>
  );
}
