// SPDX-License-Identifier: AGPL-3.0-or-later
import { ButtonLink } from "@farol/web/components/button";
import { Loading } from "@farol/web/components/loading";
import { ProblemNotice } from "@farol/web/components/notice";
import type { ReactElement, ReactNode } from "react";
import { ON_AIR, useOpenAlerts } from "../api/alerts";
import { useMay, useSession } from "../api/session";
import type { AlertSummary } from "../lib/contract";
import { usePageTitle } from "../components/page-title";
import { AlertLine, LiveCard } from "../features/alerts/alert-card";
import { NetworkStrip } from "../features/network/network-strip";
import { useText } from "../i18n/text";

/** The first page: what is on air, what waits for me, what I was writing, and whether the network is well. */
export function NowPage(): ReactElement {
  const text = useText();
  const alerts = useOpenAlerts();
  const mayCreate = useMay("alert.create");
  usePageTitle(text("nav.now"));
  return (
    <div className="stack">
      <div className="page-head">
        <h1>{text("now.title")}</h1>
        {mayCreate && (
          <ButtonLink href="/alerts/new" tone="primary" size="large" icon="plus">
            {text("nav.new")}
          </ButtonLink>
        )}
      </div>
      {alerts.isError && <ProblemNotice error={alerts.error} />}
      {alerts.isPending && <Loading />}
      {alerts.data && <Lists alerts={alerts.data} />}
      <NetworkStrip />
    </div>
  );
}

function Lists({ alerts }: { alerts: AlertSummary[] }): ReactElement {
  const text = useText();
  const me = useSession().user.id;
  const mayApprove = useMay("alert.approve");
  const live = alerts.filter((alert) => ON_AIR.includes(alert.status));
  const waiting = alerts.filter((alert) => alert.status === "pending_approval");
  const mine = (alert: AlertSummary): boolean => alert.created_by.id === me || alert.submitted_by?.id === me;
  const forMe = waiting.filter((alert) => mayApprove && !mine(alert));
  const forOthers = waiting.filter((alert) => !forMe.includes(alert));
  const drafts = alerts.filter((alert) => alert.status === "draft" || alert.status === "returned");
  const line = (action: "read" | "edit" | "open") => (alert: AlertSummary) => (
    <AlertLine
      key={alert.id}
      alert={alert}
      action={action}
      href={action === "edit" ? `/alerts/${alert.id}/edit` : `/alerts/${alert.id}`}
    />
  );
  return (
    <>
      {live.length > 0 ? (
        <div className="live-cards">
          {live.map((alert) => (
            <LiveCard key={alert.id} alert={alert} />
          ))}
        </div>
      ) : (
        <div className="panel nothing">
          <p className="nothing-words">{text("now.nothing")}</p>
          <p className="soft">{text("now.nothing-text")}</p>
        </div>
      )}
      <List title={text("now.for-me")} n={forMe.length} first>
        {forMe.map(line("read"))}
      </List>
      <List title={text("now.for-others")} n={forOthers.length}>
        {forOthers.map(line("open"))}
      </List>
      <List title={text("now.drafts")} n={drafts.length}>
        {drafts.map(line("edit"))}
      </List>
    </>
  );
}

function List({
  title,
  n,
  first,
  children,
}: {
  title: string;
  n: number;
  first?: boolean;
  children: ReactNode;
}): ReactElement | null {
  if (n === 0) return null;
  return (
    <section className={first ? "panel list-first" : "panel"}>
      <div className="section-head">
        <h2>{title}</h2>
        <span className="count tabular">{n}</span>
      </div>
      <ul className="alert-lines">{children}</ul>
    </section>
  );
}
