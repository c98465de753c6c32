// SPDX-License-Identifier: AGPL-3.0-or-later
import { ButtonLink } from "@farol/web/components/button";
import { useNow } from "@farol/web/hooks/use-now";
import { useSpan } from "@farol/web/hooks/use-span";
import type { ReactElement } from "react";
import { useMay } from "../../api/session";
import type { AlertSummary } from "../../lib/contract";
import { excerptOf, useChannelName, useReachWords } from "../../components/area-words";
import { ProgressBar } from "../../components/progress-bar";
import { HealthBadge, StatusBadge } from "../../components/status-badge";
import { useText } from "../../i18n/text";
import { StopButton } from "./stop-dialog";

/** An alert that is approved or on air. */
export function LiveCard({ alert }: { alert: AlertSummary }): ReactElement {
  const text = useText();
  const spanOf = useSpan();
  const now = useNow();
  const channel = useChannelName()(alert.channel);
  const reach = useReachWords()(alert.reach);
  const mayStop = useMay("alert.stop");
  const since = alert.on_air_at ?? alert.approved_at;
  const live = alert.status === "broadcasting" && alert.mode === "live";
  return (
    <article className={live ? "live-card live-card-on" : "live-card"}>
      <div className="live-card-head">
        <StatusBadge status={alert.status} mode={alert.mode} />
        <HealthBadge health={alert.health} />
        <h2>
          <a href={`/alerts/${alert.id}`}>{channel}</a>
        </h2>
      </div>
      <p className="excerpt" dir="auto">
        {excerptOf(alert)}
      </p>
      <dl className="live-card-facts">
        <div>
          <dt>{text("card.where")}</dt>
          <dd>{reach}</dd>
        </div>
        <div>
          <dt>{text(live ? "card.on-air-for" : "card.approved-for")}</dt>
          <dd className="tabular">{since ? spanOf(now - Date.parse(since)) : "—"}</dd>
        </div>
        <div>
          <dt>{text("card.time-left")}</dt>
          <dd className="tabular">{alert.end ? spanOf(Date.parse(alert.end) - now) : "—"}</dd>
        </div>
      </dl>
      <ProgressBar counts={alert.counts} />
      <div className="button-row">
        {mayStop && <StopButton alert={alert} />}
        <ButtonLink href={`/alerts/${alert.id}`}>{text("card.open")}</ButtonLink>
      </div>
    </article>
  );
}

/** A line for an alert that waits for somebody. */
export function AlertLine({
  alert,
  href,
  action,
}: {
  alert: AlertSummary;
  href: string;
  action: "read" | "edit" | "open";
}): ReactElement {
  const text = useText();
  const spanOf = useSpan();
  const now = useNow();
  const channel = useChannelName()(alert.channel);
  const by = (alert.submitted_by ?? alert.created_by).name;
  return (
    <li className="alert-line">
      <div className="alert-line-words">
        <p className="alert-line-head">
          <StatusBadge status={alert.status} mode={alert.mode} />
          <strong>{channel}</strong>
        </p>
        <p className="excerpt" dir="auto">
          {excerptOf(alert) || text("alert.no-text")}
        </p>
        <p className="note">
          {text("line.by", { name: by, span: spanOf(now - Date.parse(alert.updated_at)) })}
        </p>
      </div>
      <ButtonLink href={href} tone={action === "read" ? "primary" : "secondary"}>
        {text(`line.${action}`)}
      </ButtonLink>
    </li>
  );
}
