// SPDX-License-Identifier: AGPL-3.0-or-later
import { Button } from "@farol/web/components/button";
import { Loading } from "@farol/web/components/loading";
import { ProblemNotice } from "@farol/web/components/notice";
import { useState, type ReactElement } from "react";
import { useIntl } from "react-intl";
import { useUser, type UserAction } from "../../api/people";
import { useSession } from "../../api/session";
import { usePageTitle } from "../../components/page-title";
import type { Grant, UserDetail } from "../../lib/contract";
import { useText } from "../../i18n/text";
import { DeedDialog, type Wanted } from "./deed-dialog";
import { RoleTicks } from "./role-ticks";
import { PersonBadge } from "./status-badge";

export function PersonPage({ id }: { id: string }): ReactElement {
  const user = useUser(id);
  if (user.isPending) return <Loading />;
  if (user.isError) return <ProblemNotice error={user.error} />;
  return <Person person={user.data} />;
}

function Person({ person }: { person: UserDetail }): ReactElement {
  const text = useText();
  const intl = useIntl();
  const [wanted, setWanted] = useState<Wanted | null>(null);
  usePageTitle(person.name);
  const day = (iso: string | null | undefined) =>
    iso ? intl.formatDate(iso, { dateStyle: "medium", timeStyle: "short" }) : text("people.never");
  return (
    <>
      <div className="page-head">
        <div className="two-lines">
          <a href="/people">{text("people.title")}</a>
          <h1>{person.name}</h1>
        </div>
        <PersonBadge person={person} />
      </div>
      <section className="panel stack">
        <dl className="facts">
          <dt>{text("sign-in.username")}</dt>
          <dd>{person.username}</dd>
          <dt>{text("people.email")}</dt>
          <dd>{person.email || text("people.no-email")}</dd>
          <dt>{text("people.identity")}</dt>
          <dd>{person.identity || text("people.no-identity")}</dd>
          <dt>{text("people.last-sign-in")}</dt>
          <dd>{day(person.last_sign_in)}</dd>
          <dt>{text("people.second-factor")}</dt>
          <dd>
            {person.second_factor
              ? text("account.codes-left", { n: person.backup_codes_left ?? 0 })
              : text("people.no-second-factor")}
          </dd>
        </dl>
      </section>
      {person.status !== "deleted" && <Roles key={person.version} person={person} onWanted={setWanted} />}
      <Actions person={person} onWanted={setWanted} />
      <DeedDialog wanted={wanted} onClose={() => setWanted(null)} />
    </>
  );
}

const same = (one: Grant[], other: Grant[]) =>
  one.length === other.length && one.every((grant) => other.some((held) => held.role === grant.role));

function Roles({
  person,
  onWanted,
}: {
  person: UserDetail;
  onWanted: (wanted: Wanted) => void;
}): ReactElement {
  const text = useText();
  const [grants, setGrants] = useState(person.roles);
  const changed = !same(grants, person.roles);
  const save = () =>
    onWanted({
      title: text("people.roles-of", { name: person.name }),
      text: <p>{text("people.roles-text")}</p>,
      button: text("people.roles-save"),
      deed: () => ({ do: "roles", id: person.id, version: person.version, roles: grants }),
    });
  return (
    <section className="panel stack">
      <h2>{text("people.may")}</h2>
      <RoleTicks grants={grants} onChange={setGrants} />
      <div className="button-row">
        <Button tone="primary" isDisabled={!changed} onPress={save}>
          {text("people.roles-save")}
        </Button>
        {changed && (
          <Button tone="quiet" onPress={() => setGrants(person.roles)}>
            {text("people.roles-undo")}
          </Button>
        )}
      </div>
    </section>
  );
}

const DANGER: readonly UserAction[] = ["disable", "delete"];

/** What fits the account's status; nobody administers himself. */
function actionsFor(person: UserDetail, own: boolean): UserAction[] {
  if (person.status === "invited") return ["invitation", "delete"];
  if (person.status === "deleted") return ["restore"];
  if (person.status === "disabled") return ["enable", "delete"];
  if (own) return ["sessions"];
  const locked = person.sign_in_locked_until ?? person.decisions_locked_until;
  return [
    ...(locked ? (["unlock"] as const) : []),
    "password-reset",
    ...(person.second_factor ? (["second-factor-reset"] as const) : []),
    "sessions",
    "disable",
    "delete",
  ];
}

function Actions({
  person,
  onWanted,
}: {
  person: UserDetail;
  onWanted: (wanted: Wanted) => void;
}): ReactElement {
  const text = useText();
  const own = useSession().user.id === person.id;
  return (
    <section className="panel stack">
      <h2>{text("people.account")}</h2>
      <ul className="deeds">
        {actionsFor(person, own).map((action) => (
          <li key={action}>
            <p>{text(`deed-text.${action}`, { name: person.name })}</p>
            <Button
              tone={DANGER.includes(action) ? "danger-quiet" : "secondary"}
              onPress={() =>
                onWanted({
                  title: text(`deed-title.${action}`),
                  text: <p>{text(`deed-text.${action}`, { name: person.name })}</p>,
                  button: text(`deed-title.${action}`),
                  danger: DANGER.includes(action),
                  deed: () => ({ do: "user", id: person.id, action }),
                })
              }
            >
              {text(`deed-title.${action}`)}
            </Button>
          </li>
        ))}
      </ul>
    </section>
  );
}
