// SPDX-License-Identifier: AGPL-3.0-or-later
import { Button } from "@farol/web/components/button";
import { Loading } from "@farol/web/components/loading";
import { ProblemNotice } from "@farol/web/components/notice";
import { Table, type Column } from "@farol/web/components/table";
import { useSpan } from "@farol/web/hooks/use-span";
import { useId, type ReactElement } from "react";
import { useIntl } from "react-intl";
import { useSearchParams } from "wouter";
import { ON_AIR, useHistory } from "../../api/alerts";
import type { AlertSummary, Status } from "../../lib/contract";
import { excerptOf, useChannelName, useReachWords } from "../../components/area-words";
import { usePageTitle } from "../../components/page-title";
import { StatusBadge } from "../../components/status-badge";
import { useText } from "../../i18n/text";

const FILTERS = {
  all: [],
  "on-air": ON_AIR,
  waiting: ["pending_approval"],
  writing: ["draft", "returned"],
  over: ["completed", "cancelled", "superseded", "failed", "rejected", "discarded"],
} as const satisfies Record<string, readonly Status[]>;
type Filter = keyof typeof FILTERS;
const FILTER_KEYS = Object.keys(FILTERS) as Filter[];

export function HistoryPage(): ReactElement {
  const text = useText();
  const id = useId();
  const [search, setSearch] = useSearchParams();
  const filter = FILTER_KEYS.find((key) => key === search.get("show")) ?? "all";
  const query = useHistory(FILTERS[filter]);
  usePageTitle(text("history.title"));
  const rows = query.data?.pages.flatMap((page) => page.items) ?? [];
  return (
    <>
      <div className="page-head">
        <h1>{text("history.title")}</h1>
        <label className="inline-filter" htmlFor={id}>
          {text("history.show")}
          <select
            id={id}
            className="input"
            value={filter}
            onChange={(event) =>
              setSearch(event.currentTarget.value === "all" ? {} : { show: event.currentTarget.value })
            }
          >
            {FILTER_KEYS.map((key) => (
              <option key={key} value={key}>
                {text(`history-filter.${key}`)}
              </option>
            ))}
          </select>
        </label>
      </div>
      <div className="panel stack">
        {query.isError && <ProblemNotice error={query.error} />}
        {query.isPending && <Loading />}
        {query.isSuccess && rows.length === 0 && (
          <div className="empty">
            <p>{text(filter === "all" ? "history.empty" : "history.none")}</p>
            {filter !== "all" && <Button onPress={() => setSearch({})}>{text("history.show-all")}</Button>}
          </div>
        )}
        {rows.length > 0 && <Rows rows={rows} />}
        {query.hasNextPage && (
          <div>
            <Button isPending={query.isFetchingNextPage} onPress={() => void query.fetchNextPage()}>
              {text("history.more")}
            </Button>
          </div>
        )}
      </div>
    </>
  );
}

function Rows({ rows }: { rows: AlertSummary[] }): ReactElement {
  const text = useText();
  const intl = useIntl();
  const spanOf = useSpan();
  const channelName = useChannelName();
  const reachWords = useReachWords();
  const moment = (iso: string): string =>
    intl.formatDate(iso, { day: "numeric", month: "short", hour: "2-digit", minute: "2-digit" });
  const columns: Column<AlertSummary>[] = [
    {
      key: "alert",
      head: text("history.alert"),
      cell: (row) => (
        <span className="history-alert">
          <a href={`/alerts/${row.id}`}>
            <strong>{channelName(row.channel)}</strong>
          </a>
          <span className="excerpt" dir="auto">
            {excerptOf(row) || text("alert.no-text")}
          </span>
        </span>
      ),
    },
    {
      key: "status",
      head: text("history.status"),
      cell: (row) => <StatusBadge status={row.status} mode={row.mode} />,
    },
    { key: "area", head: text("history.area"), cell: (row) => reachWords(row.reach) },
    {
      key: "start",
      head: text("history.start"),
      cell: (row) => row.start && <span className="tabular nowrap">{moment(row.start)}</span>,
    },
    {
      key: "lasts",
      head: text("history.lasts"),
      cell: (row) => <span className="nowrap">{spanOf(row.duration_s * 1000)}</span>,
    },
    { key: "by", head: text("history.by"), cell: (row) => row.created_by.name },
    { key: "approver", head: text("history.approver"), cell: (row) => row.approved_by?.name ?? null },
  ];
  return <Table caption={text("history.title")} columns={columns} rows={rows} rowKey={(row) => row.id} />;
}
