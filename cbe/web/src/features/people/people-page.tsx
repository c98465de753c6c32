// SPDX-License-Identifier: AGPL-3.0-or-later
import { Button } from "@farol/web/components/button";
import { Field } from "@farol/web/components/field";
import { Loading } from "@farol/web/components/loading";
import { ProblemNotice } from "@farol/web/components/notice";
import { Table, type Column } from "@farol/web/components/table";
import { useState, type ReactElement } from "react";
import { useIntl } from "react-intl";
import { useRoles, useUsers } from "../../api/people";
import { usePageTitle } from "../../components/page-title";
import type { UserDetail } from "../../lib/contract";
import { useText } from "../../i18n/text";
import { InviteDialog } from "./invite-dialog";
import { PersonBadge } from "./status-badge";
import { WaitingRequests } from "./waiting-requests";

export function PeoplePage(): ReactElement {
  const text = useText();
  const users = useUsers();
  const [search, setSearch] = useState("");
  const [inviting, setInviting] = useState(false);
  usePageTitle(text("people.title"));
  const wanted = search.trim().toLowerCase();
  const rows = (users.data ?? []).filter(
    (one) =>
      (one.status !== "deleted" || wanted !== "") &&
      `${one.name} ${one.username} ${one.email}`.toLowerCase().includes(wanted),
  );
  return (
    <>
      <div className="page-head">
        <h1>{text("people.title")}</h1>
        <Button tone="primary" icon="plus" onPress={() => setInviting(true)}>
          {text("people.invite")}
        </Button>
      </div>
      <WaitingRequests />
      <div className="panel stack">
        <Field label={text("people.search")} value={search} onChange={setSearch} type="search" />
        {users.isError && <ProblemNotice error={users.error} />}
        {users.isPending && <Loading />}
        {users.isSuccess && rows.length === 0 && <p className="empty">{text("people.none")}</p>}
        {rows.length > 0 && <Rows rows={rows} />}
      </div>
      <InviteDialog isOpen={inviting} onClose={() => setInviting(false)} />
    </>
  );
}

function Rows({ rows }: { rows: UserDetail[] }): ReactElement {
  const text = useText();
  const intl = useIntl();
  const roles = useRoles().data ?? [];
  const titleOf = (name: string) => roles.find((role) => role.name === name)?.title ?? name;
  const columns: Column<UserDetail>[] = [
    {
      key: "name",
      head: text("people.name"),
      cell: (row) => (
        <span className="two-lines">
          <a href={`/people/${row.id}`}>
            <strong>{row.name}</strong>
          </a>
          <span className="soft">{row.username}</span>
        </span>
      ),
    },
    { key: "status", head: text("people.status"), cell: (row) => <PersonBadge person={row} /> },
    {
      key: "roles",
      head: text("people.roles"),
      cell: (row) => row.roles.map((grant) => titleOf(grant.role)).join(", ") || text("people.no-roles"),
    },
    {
      key: "seen",
      head: text("people.last-sign-in"),
      cell: (row) =>
        row.last_sign_in
          ? intl.formatDate(row.last_sign_in, { day: "numeric", month: "short", year: "numeric" })
          : text("people.never"),
    },
  ];
  return <Table caption={text("people.title")} columns={columns} rows={rows} rowKey={(row) => row.id} />;
}
