// SPDX-License-Identifier: AGPL-3.0-or-later
import { ButtonLink } from "@farol/web/components/button";
import { Loading } from "@farol/web/components/loading";
import { Notice, ProblemNotice } from "@farol/web/components/notice";
import { useLanguage } from "@farol/web/i18n/kit";
import { useEffect, useState, type ReactElement } from "react";
import { useAlert } from "../../api/alerts";
import { useChannels } from "../../api/reference";
import { useMay } from "../../api/session";
import type { Alert, Channel } from "../../lib/contract";
import { usePageTitle } from "../../components/page-title";
import { useText } from "../../i18n/text";
import { AreaSection } from "./area-section";
import { ChannelSection } from "./channel-section";
import { CheckSection } from "./check-section";
import { MessageSection } from "./message-section";
import { SaveState } from "./save-state";
import { goToSection, SECTIONS, sectionStates } from "./sections";
import { TaskList } from "./task-list";
import { TimingSection } from "./timing-section";
import { useDraft } from "./use-draft";

/** Writing an alert: one page, its sections in any order, saved by itself. */
export function ComposePage({ id }: { id: string | null }): ReactElement {
  const text = useText();
  const mayCreate = useMay("alert.create");
  usePageTitle(text(id ? "compose.title-edit" : "compose.title"));
  if (!mayCreate) {
    return (
      <div className="stack">
        <h1>{text("compose.title")}</h1>
        <Notice tone="info">
          <p>{text("compose.no-right")}</p>
        </Notice>
      </div>
    );
  }
  return id === null ? <WithChannels alert={null} /> : <Stored id={id} />;
}

function Stored({ id }: { id: string }): ReactElement {
  const text = useText();
  const query = useAlert(id);
  const [first, setFirst] = useState<Alert | null>(null);
  // The draft is the author's from here on; news about it arrive as conflicts, not under the fingers.
  if (query.data && !first) setFirst(query.data);
  if (query.isError && !first) {
    return (
      <div className="stack">
        <h1>{text("compose.title-edit")}</h1>
        <ProblemNotice error={query.error} />
      </div>
    );
  }
  if (!first) return <Loading />;
  const edit = first.actions.find((one) => one.action === "edit");
  if (edit && !edit.allowed) {
    return (
      <div className="stack">
        <h1>{text("compose.title-edit")}</h1>
        <Notice tone="info">
          <p>{edit.reason}</p>
        </Notice>
        <p>
          <ButtonLink href={`/alerts/${id}`} tone="primary">
            {text("compose.see-alert")}
          </ButtonLink>
        </p>
      </div>
    );
  }
  return <WithChannels alert={first} />;
}

function WithChannels({ alert }: { alert: Alert | null }): ReactElement {
  const text = useText();
  const channels = useChannels();
  if (channels.isError) {
    return (
      <div className="stack">
        <h1>{text("compose.title")}</h1>
        <ProblemNotice error={channels.error} />
      </div>
    );
  }
  if (!channels.data) return <Loading />;
  return <Editor alert={alert} channels={channels.data} />;
}

function Editor({ alert, channels }: { alert: Alert | null; channels: Channel[] }): ReactElement {
  const text = useText();
  const { language } = useLanguage();
  const [draft, dispatch] = useDraft(alert, language, (stored) => {
    // The address follows the first save without leaving the page.
    if (location.pathname === "/alerts/new") history.replaceState(null, "", `/alerts/${stored.id}/edit`);
  });
  const channel = channels.find((one) => one.key === draft.fields.channel);
  const edit = (change: Partial<typeof draft.fields>) => dispatch({ type: "edit", change });
  useSectionKeys();
  const states = sectionStates(draft);
  return (
    <>
      <div className="page-head">
        <h1>{text(alert ? "compose.title-edit" : "compose.title")}</h1>
        <SaveState draft={draft} dispatch={dispatch} />
      </div>
      {draft.alert?.status === "returned" && <Returned alert={draft.alert} />}
      <div className="compose">
        <TaskList states={states} />
        <div className="stack">
          <ChannelSection fields={draft.fields} channels={channels} onEdit={edit} />
          <MessageSection fields={draft.fields} channel={channel} onEdit={edit} />
          <AreaSection area={draft.fields.area} onChange={(area) => edit({ area })} />
          <TimingSection fields={draft.fields} channel={channel} onEdit={edit} />
          <CheckSection draft={draft} onEdit={edit} />
        </div>
      </div>
    </>
  );
}

function Returned({ alert }: { alert: Alert }): ReactElement | null {
  const text = useText();
  const entry = [...alert.history].reverse().find((one) => one.action === "returned");
  if (!entry) return null;
  return (
    <Notice tone="warning" title={text("compose.returned", { name: entry.by?.name ?? "" })}>
      <p>{entry.reason}</p>
    </Notice>
  );
}

/** Alt+1…5 goes to a section, Ctrl+Enter to the next one. Nothing here sends or decides. */
function useSectionKeys(): void {
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      const digit = event.altKey && /^Digit[1-5]$/.test(event.code) ? Number(event.code.at(-1)) - 1 : null;
      const here = SECTIONS.findIndex((name) =>
        document.getElementById(`section-${name}`)?.contains(document.activeElement),
      );
      const next = event.ctrlKey && event.key === "Enter" ? (here + 1) % SECTIONS.length : digit;
      const name = next === null ? undefined : SECTIONS[next];
      if (!name) return;
      event.preventDefault();
      goToSection(name);
    };
    addEventListener("keydown", onKey);
    return () => removeEventListener("keydown", onKey);
  }, []);
}
