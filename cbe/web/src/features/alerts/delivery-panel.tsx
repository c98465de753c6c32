// SPDX-License-Identifier: AGPL-3.0-or-later
import { Notice } from "@farol/web/components/notice";
import { Table, type Column } from "@farol/web/components/table";
import { useNow } from "@farol/web/hooks/use-now";
import { useSpan } from "@farol/web/hooks/use-span";
import { useState, type ReactElement } from "react";
import { useConnectionLost } from "../../api/connection";
import type { Alert, Delivery, DeliveryState } from "../../lib/contract";
import { ProgressBar } from "../../components/progress-bar";
import { DeliveryBadge } from "../../components/status-badge";
import { useText } from "../../i18n/text";
import { cellKey } from "../../lib/cells";

type CellRow = Delivery["cells"][number];
type PeerRow = Delivery["peers"][number];

/** Cells drawn at once; the filter by state finds the others. */
const ROWS = 200;

/** What the network said, from the whole down to each cell. */
export function DeliveryPanel({ alert }: { alert: Alert }): ReactElement {
  const text = useText();
  const lost = useConnectionLost();
  const { delivery, sending } = alert;
  const waiting = sending.filter((one) => one.text !== "");
  return (
    <section className={lost ? "panel stack stale" : "panel stack"} aria-labelledby="delivery-title">
      <div className="panel-head">
        <h2 id="delivery-title">{text("delivery.title")}</h2>
        {lost && <p className="note">{text("connection.lost")}</p>}
      </div>
      <ProgressBar counts={alert.counts} />
      {waiting.map((one) => (
        <Notice key={one.cbc + one.what} tone={one.state === "refused" ? "danger" : "warning"}>
          <p>
            <strong>
              <bdi>{one.cbc}</bdi>
            </strong>
            : {one.text}
          </p>
        </Notice>
      ))}
      {delivery.peers.length > 0 && <Peers rows={delivery.peers} />}
      {delivery.cells.length > 0 && <Cells rows={delivery.cells} />}
      {delivery.peers.length === 0 && delivery.cells.length === 0 && (
        <p className="soft">{text("delivery.none")}</p>
      )}
    </section>
  );
}

function Since({ iso }: { iso: string }): ReactElement {
  const text = useText();
  const spanOf = useSpan();
  const now = useNow();
  return (
    <time dateTime={iso} className="tabular nowrap">
      {text("time.ago", { span: spanOf(now - Date.parse(iso)) })}
    </time>
  );
}

function Peers({ rows }: { rows: PeerRow[] }): ReactElement {
  const text = useText();
  const columns: Column<PeerRow>[] = [
    {
      key: "peer",
      head: text("delivery.peer"),
      cell: (row) => (
        <strong>
          <bdi>{row.peer}</bdi>
        </strong>
      ),
    },
    { key: "cbc", head: text("delivery.cbc"), cell: (row) => <bdi>{row.cbc}</bdi> },
    { key: "state", head: text("delivery.state"), cell: (row) => <DeliveryBadge state={row.state} /> },
    { key: "cause", head: text("delivery.cause"), cell: (row) => row.cause || null },
    { key: "since", head: text("delivery.since"), cell: (row) => <Since iso={row.since} /> },
  ];
  return (
    <div>
      <h3>{text("delivery.peers")}</h3>
      <Table
        caption={text("delivery.peers")}
        columns={columns}
        rows={rows}
        rowKey={(row) => `${row.cbc}/${row.peer}`}
      />
    </div>
  );
}

function Cells({ rows }: { rows: CellRow[] }): ReactElement {
  const text = useText();
  const [only, setOnly] = useState<DeliveryState | "all">("all");
  const states = [...new Set(rows.map((row) => row.state))];
  const shown = rows.filter((row) => only === "all" || row.state === only);
  const columns: Column<CellRow>[] = [
    {
      key: "cell",
      head: text("delivery.cell"),
      cell: (row) => (
        <span>
          <strong>{row.name || cellKey(row.cell)}</strong>
          <br />
          <span className="note tabular">
            <bdi>{cellKey(row.cell)}</bdi>
          </span>
        </span>
      ),
    },
    { key: "peer", head: text("delivery.peer"), cell: (row) => <bdi>{row.peer}</bdi> },
    { key: "state", head: text("delivery.state"), cell: (row) => <DeliveryBadge state={row.state} /> },
    { key: "cause", head: text("delivery.cause"), cell: (row) => row.cause || null },
    { key: "since", head: text("delivery.since"), cell: (row) => <Since iso={row.since} /> },
  ];
  return (
    <div>
      <div className="panel-head">
        <h3>{text("delivery.cells", { n: rows.length })}</h3>
        {states.length > 1 && (
          <label className="inline-filter">
            {text("delivery.show")}
            <select
              className="input"
              value={only}
              onChange={(event) =>
                setOnly(states.find((state) => state === event.currentTarget.value) ?? "all")
              }
            >
              <option value="all">{text("delivery.show-all")}</option>
              {states.map((state) => (
                <option key={state} value={state}>
                  {text(`delivery.${state}`)}
                </option>
              ))}
            </select>
          </label>
        )}
      </div>
      <Table
        caption={text("delivery.cells", { n: rows.length })}
        columns={columns}
        rows={shown.slice(0, ROWS)}
        rowKey={(row) => `${row.cbc}/${row.peer}/${cellKey(row.cell)}`}
      />
      {shown.length > ROWS && <p className="note">{text("delivery.more", { n: shown.length - ROWS })}</p>}
    </div>
  );
}
