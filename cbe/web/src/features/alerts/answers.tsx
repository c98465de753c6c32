// SPDX-License-Identifier: AGPL-3.0-or-later
//
// The four questions that every alert's page answers first: is it on air, where, what does it say, what can I do now.
import { ButtonLink } from "@farol/web/components/button";
import { Icon, type IconName } from "@farol/web/components/icon";
import { Notice } from "@farol/web/components/notice";
import { useNow } from "@farol/web/hooks/use-now";
import { useSpan } from "@farol/web/hooks/use-span";
import type { ReactElement, ReactNode } from "react";
import { useIntl } from "react-intl";
import type { Action, Alert } from "../../lib/contract";
import { useAreaWords } from "../../components/area-words";
import { useText } from "../../i18n/text";
import { progress } from "../../lib/status";
import { onAir, UNDECIDED } from "./on-air";
import { StopButton } from "./stop-dialog";
import { WithdrawButton } from "./withdraw-button";

export function Answers({ alert, channel }: { alert: Alert; channel: string }): ReactElement {
  const text = useText();
  const areaWords = useAreaWords();
  const state = onAir(alert);
  return (
    <section className={`answers answers-${state}`} aria-label={text("answers.label")}>
      <Answer question={text("answers.on-air")} icon={state === "yes" ? "tower" : "signal"} first>
        <OnAir alert={alert} />
      </Answer>
      <Answer question={text("answers.where")} icon="pin">
        <p>{areaWords(alert.area)}</p>
      </Answer>
      <Answer question={text("answers.what")} icon="message">
        <p className="excerpt excerpt-long" dir="auto">
          {alert.messages[0]?.text || text("alert.no-text")}
        </p>
        <p className="note">
          {channel} · {alert.message_identifier}
        </p>
      </Answer>
      <Answer question={text("answers.do")} icon="people">
        <WhatNow alert={alert} />
      </Answer>
    </section>
  );
}

function Answer({
  question,
  icon,
  first,
  children,
}: {
  question: string;
  icon: IconName;
  first?: boolean;
  children: ReactNode;
}): ReactElement {
  return (
    <div className={first ? "answer answer-first" : "answer"}>
      <h2 className="answer-question">
        <Icon name={icon} />
        {question}
      </h2>
      {children}
    </div>
  );
}

function OnAir({ alert }: { alert: Alert }): ReactElement {
  const text = useText();
  const intl = useIntl();
  const spanOf = useSpan();
  const now = useNow();
  const state = onAir(alert);
  const at = (iso: string | null | undefined): string =>
    iso ? intl.formatTime(iso, { hour: "2-digit", minute: "2-digit", second: "2-digit" }) : "—";
  const { confirmed, total } = progress(alert.counts);
  const undecided = UNDECIDED.find((status) => status === alert.status);
  const left = alert.end ? spanOf(Date.parse(alert.end) - now) : "—";
  return (
    <>
      <p className="answer-big">{text(`on-air.${state}`)}</p>
      {state === "yes" && (
        <p>{text("on-air.since", { since: at(alert.on_air_at), left, confirmed, total })}</p>
      )}
      {state === "not-yet" && (
        <div className="stack-tight">
          <p>{text("on-air.approved", { left })}</p>
          {[...new Set(alert.sending.map((one) => one.text).filter(Boolean))].map((words) => (
            <Notice key={words} tone="danger">
              <p>{words}</p>
            </Notice>
          ))}
        </div>
      )}
      {undecided && <p>{text(`on-air-why.${undecided}`)}</p>}
      {state === "over" && <p>{text("on-air.ended", { at: at(alert.ended_at) })}</p>}
      {state === "training" && <p>{text("on-air.training-text")}</p>}
    </>
  );
}

function WhatNow({ alert }: { alert: Alert }): ReactElement {
  const text = useText();
  const can = (action: Action): boolean => alert.actions.some((one) => one.action === action && one.allowed);
  const why = (action: Action): string => alert.actions.find((one) => one.action === action)?.reason ?? "";
  const nothing = !alert.actions.some((one) => one.allowed);
  const explained = alert.status === "pending_approval" && !can("approve") ? why("approve") : "";
  return (
    <>
      {explained && <p>{explained}</p>}
      {can("stop") && <p>{text("do.stop")}</p>}
      {nothing && !explained && <p>{text("do.nothing")}</p>}
      <div className="button-row">
        {can("approve") && (
          <ButtonLink tone="primary" href="#decide" onClick={goToDecide}>
            {text("do.approve")}
          </ButtonLink>
        )}
        {can("submit") && (
          <ButtonLink tone="primary" href="#decide" onClick={goToDecide}>
            {text("do.submit")}
          </ButtonLink>
        )}
        {can("edit") && (
          <ButtonLink icon="pencil" href={`/alerts/${alert.id}/edit`}>
            {text("do.edit")}
          </ButtonLink>
        )}
        {can("stop") && <StopButton alert={alert} />}
        {can("withdraw") && <WithdrawButton alert={alert} />}
      </div>
    </>
  );
}

function goToDecide(event: React.MouseEvent): void {
  event.preventDefault();
  const box = document.getElementById("decide");
  box?.scrollIntoView({ block: "start" });
  box?.querySelector<HTMLElement>("h2")?.focus({ preventScroll: true });
}
