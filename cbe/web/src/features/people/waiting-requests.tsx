// SPDX-License-Identifier: AGPL-3.0-or-later
import { Button } from "@farol/web/components/button";
import { ProblemNotice } from "@farol/web/components/notice";
import { useNow } from "@farol/web/hooks/use-now";
import { useSpan } from "@farol/web/hooks/use-span";
import { useState, type ReactElement } from "react";
import { useRequests, useRoles, useUsers } from "../../api/people";
import { useSession } from "../../api/session";
import type { AdminRequest, Grant } from "../../lib/contract";
import { useText } from "../../i18n/text";
import { DeedDialog, type Wanted } from "./deed-dialog";

/** What one administrator asked for and another one must want, too. */
export function WaitingRequests(): ReactElement | null {
  const text = useText();
  const requests = useRequests();
  const [wanted, setWanted] = useState<Wanted | null>(null);
  const waiting = (requests.data ?? []).filter((one) => one.status === "waiting");
  if (requests.isError) return <ProblemNotice error={requests.error} />;
  if (waiting.length === 0 && !wanted) return null;
  return (
    <section className="panel stack">
      <h2>{text("requests.title", { n: waiting.length })}</h2>
      <ul className="request-list">
        {waiting.map((request) => (
          <RequestLine key={request.id} request={request} onWanted={setWanted} />
        ))}
      </ul>
      <DeedDialog wanted={wanted} onClose={() => setWanted(null)} />
    </section>
  );
}

function RequestLine({
  request,
  onWanted,
}: {
  request: AdminRequest;
  onWanted: (wanted: Wanted) => void;
}): ReactElement {
  const text = useText();
  const spanOf = useSpan();
  const now = useNow();
  const own = useSession().user.id === request.asked_by.id;
  const what = (
    <>
      <p>
        <strong>{request.summary}</strong>
      </p>
      <Details request={request} />
    </>
  );
  const want = (verb: "approve" | "withdraw" | "refuse") =>
    onWanted({
      title: text(`request-title.${verb}`),
      text: what,
      button: text(`request-verb.${verb}`),
      danger: verb === "refuse",
      wantsReason: verb === "refuse",
      deed: (reason) =>
        verb === "refuse" ? { do: verb, id: request.id, reason } : { do: verb, id: request.id },
    });
  return (
    <li className="request-line">
      <div>
        {what}
        <p className="soft">
          {text("requests.by", {
            name: request.asked_by.name,
            span: spanOf(now - Date.parse(request.asked_at)),
            left: spanOf(Date.parse(request.expires_at) - now),
          })}
        </p>
      </div>
      <div className="button-row">
        {own ? (
          <>
            <span className="soft">{text("requests.own")}</span>
            <Button size="small" onPress={() => want("withdraw")}>
              {text("request-verb.withdraw")}
            </Button>
          </>
        ) : (
          <>
            <Button tone="primary" onPress={() => want("approve")}>
              {text("request-verb.approve")}
            </Button>
            <Button tone="danger-quiet" onPress={() => want("refuse")}>
              {text("request-verb.refuse")}
            </Button>
          </>
        )}
      </div>
    </li>
  );
}

function words(value: unknown): string[] {
  return Array.isArray(value) ? value.filter((one): one is string => typeof one === "string") : [];
}

function grantsIn(what: Record<string, unknown>): Grant[] {
  return Array.isArray(what["grants"]) ? (what["grants"] as Grant[]) : [];
}

/** The rights that would be given, beside those that are held now. */
function Details({ request }: { request: AdminRequest }): ReactElement | null {
  const text = useText();
  const roles = useRoles().data ?? [];
  const users = useUsers().data ?? [];
  const what = request.what as Record<string, unknown>;
  const titleOf = (grant: Grant) => {
    const limits = [...(grant.templates ?? []), ...(grant.regions ?? [])];
    const title = roles.find((role) => role.name === grant.role)?.title ?? grant.role;
    return limits.length > 0 ? `${title} (${limits.join(", ")})` : title;
  };
  const listed = (grants: Grant[]) => grants.map(titleOf).join(", ") || text("people.no-roles");
  const facts: [string, string][] = [];
  if (request.kind === "invite" || request.kind === "roles")
    facts.push([text("requests.roles"), listed(grantsIn(what))]);
  const held = users.find((user) => user.id === what["user"]);
  if (request.kind === "roles" && held) facts.push([text("requests.before"), listed(held.roles)]);
  if (typeof what["email"] === "string" && what["email"]) facts.push([text("people.email"), what["email"]]);
  if (typeof what["identity"] === "string" && what["identity"])
    facts.push([text("people.identity"), what["identity"]]);
  if (words(what["permissions"]).length > 0)
    facts.push([text("requests.permissions"), words(what["permissions"]).join(", ")]);
  if (words(what["addresses"]).length > 0)
    facts.push([text("requests.addresses"), words(what["addresses"]).join(", ")]);
  if (facts.length === 0) return null;
  return (
    <dl className="facts">
      {facts.map(([name, value]) => (
        <div key={name}>
          <dt>{name}</dt>
          <dd dir="auto">{value}</dd>
        </div>
      ))}
    </dl>
  );
}
