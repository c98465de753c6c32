// SPDX-License-Identifier: AGPL-3.0-or-later
import { Loading } from "@farol/web/components/loading";
import { ProblemNotice } from "@farol/web/components/notice";
import { useState, type ReactElement } from "react";
import { useAlert } from "../../api/alerts";
import type { Alert } from "../../lib/contract";
import { useChannelName } from "../../components/area-words";
import { usePageTitle } from "../../components/page-title";
import { HealthBadge, StatusBadge } from "../../components/status-badge";
import { useText } from "../../i18n/text";
import { AlertContent } from "./alert-content";
import { Answers } from "./answers";
import { ApproveBox } from "./approve-box";
import { DeliveryPanel } from "./delivery-panel";
import { DraftBox } from "./draft-box";
import { Timeline } from "./timeline";

/** One alert, one page: what it is, where it goes, what it says and what can be done, whatever its status. */
export function AlertPage({ id }: { id: string }): ReactElement {
  const text = useText();
  const query = useAlert(id);
  if (query.data) return <Known alert={query.data} />;
  return (
    <div className="stack">
      <h1>{text("alert.title")}</h1>
      {query.isError ? <ProblemNotice error={query.error} /> : <Loading />}
    </div>
  );
}

function Known({ alert }: { alert: Alert }): ReactElement {
  const text = useText();
  const channel = useChannelName()(alert.channel);
  usePageTitle(`${text(`status.${alert.status}`)} · ${channel}`);
  const draft = alert.status === "draft" || alert.status === "returned";
  const pending = alert.status === "pending_approval";
  // The digest of the words as they stood when this page first showed them for a decision.
  const [seen, setSeen] = useState<string | null>(null);
  if (pending && seen === null && alert.digest !== null) setSeen(alert.digest);
  return (
    <article className="stack alert-page">
      <div>
        <nav className="crumbs" aria-label={text("alert.crumbs")}>
          <ol>
            <li>
              <a href="/">{text("nav.now")}</a>
            </li>
            <li aria-current="page">{text("alert.title")}</li>
          </ol>
        </nav>
        <div className="alert-head">
          <h1>{channel}</h1>
          <StatusBadge status={alert.status} mode={alert.mode} />
          <HealthBadge health={alert.health} />
        </div>
      </div>
      <Answers alert={alert} channel={channel} />
      {!draft && !pending && <DeliveryPanel alert={alert} />}
      <AlertContent alert={alert} channel={channel} />
      {draft && <DraftBox alert={alert} />}
      {pending && (
        <ApproveBox alert={alert} channel={channel} seen={seen} onReadAgain={() => setSeen(alert.digest)} />
      )}
      <Timeline entries={alert.history} />
    </article>
  );
}
