// SPDX-License-Identifier: AGPL-3.0-or-later
import type { ReactElement } from "react";
import { useIntl } from "react-intl";
import type { HistoryEntry } from "../../lib/contract";
import { useText } from "../../i18n/text";

/** Everything that happened to the alert, newest first. */
export function Timeline({ entries }: { entries: HistoryEntry[] }): ReactElement {
  const text = useText();
  const intl = useIntl();
  return (
    <section className="panel" aria-labelledby="timeline-title">
      <h2 id="timeline-title">{text("timeline.title")}</h2>
      <ol className="timeline">
        {[...entries].reverse().map((entry) => (
          <li key={`${entry.at}-${entry.action}`} className={`timeline-entry timeline-${entry.action}`}>
            <time dateTime={entry.at} className="tabular">
              {intl.formatDate(entry.at, {
                day: "numeric",
                month: "short",
                hour: "2-digit",
                minute: "2-digit",
                second: "2-digit",
              })}
            </time>
            <div>
              <strong>{text(`history.${entry.action}`)}</strong>
              {entry.by && <> · {entry.by.name}</>}
              {entry.reason && (
                <p className="timeline-reason" dir="auto">
                  {entry.reason}
                </p>
              )}
            </div>
          </li>
        ))}
      </ol>
    </section>
  );
}
