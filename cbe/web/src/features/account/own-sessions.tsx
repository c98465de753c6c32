// SPDX-License-Identifier: AGPL-3.0-or-later
import { Button } from "@farol/web/components/button";
import { Loading } from "@farol/web/components/loading";
import { ProblemNotice } from "@farol/web/components/notice";
import { Table, type Column } from "@farol/web/components/table";
import { useQueryClient } from "@tanstack/react-query";
import type { ReactElement } from "react";
import { useIntl } from "react-intl";
import { ACCOUNT_KEY, endSession, useOwnSessions } from "../../api/account";
import { useTask } from "../../components/use-task";
import type { SessionRow } from "../../lib/contract";
import { useText } from "../../i18n/text";

/** Where this person is signed in, to end what should not be. */
export function OwnSessions(): ReactElement {
  const text = useText();
  const intl = useIntl();
  const client = useQueryClient();
  const { busy, error, run } = useTask();
  const sessions = useOwnSessions();
  const moment = (iso: string) =>
    intl.formatDate(iso, { day: "numeric", month: "short", hour: "2-digit", minute: "2-digit" });
  const end = (id: string) =>
    run(async () => {
      await endSession(id);
      await client.invalidateQueries({ queryKey: ACCOUNT_KEY });
    });
  const columns: Column<SessionRow>[] = [
    {
      key: "where",
      head: text("sessions.where"),
      cell: (row) => (
        <span className="two-lines">
          <bdi>{row.address}</bdi>
          <span className="soft">{row.agent}</span>
        </span>
      ),
    },
    { key: "begun", head: text("sessions.begun"), cell: (row) => moment(row.signed_in) },
    { key: "used", head: text("sessions.used"), cell: (row) => moment(row.last_used) },
    {
      key: "end",
      head: text("sessions.end"),
      cell: (row) =>
        row.own ? (
          text("sessions.own")
        ) : (
          <Button size="small" isPending={busy} onPress={() => end(row.id)}>
            {text("sessions.end")}
          </Button>
        ),
    },
  ];
  return (
    <section className="panel stack">
      <h2>{text("sessions.title")}</h2>
      <ProblemNotice error={error ?? sessions.error} />
      {sessions.isPending && <Loading />}
      {sessions.data && (
        <Table
          caption={text("sessions.title")}
          columns={columns}
          rows={sessions.data}
          rowKey={(row) => row.id}
        />
      )}
    </section>
  );
}
