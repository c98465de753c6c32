// SPDX-License-Identifier: AGPL-3.0-or-later
//
// The state of a draft while it is written: what the author sees, what the server has, and what is on its way.
//
//   clean --edit--> dirty --send--> saving --stored--> clean, or dirty again if there was an edit meanwhile
//                     ^               |--refused--> failed --edit or retry--> dirty
//                     |               '--conflict--> conflict --keep mine--> dirty
//                     '------------------------------'        --take theirs--> clean
import type { DraftFields } from "../../api/alerts";
import type { Alert, Channel } from "../../lib/contract";

export type Phase = "clean" | "dirty" | "saving" | "failed" | "conflict";

export interface Draft {
  phase: Phase;
  fields: DraftFields;
  /** What the request under way carries. */
  sent: DraftFields | null;
  /** The server's record; null until the first save. */
  alert: Alert | null;
  error: unknown;
}

export type DraftEvent =
  | { type: "edit"; change: Partial<DraftFields> }
  | { type: "send" }
  | { type: "stored"; alert: Alert }
  | { type: "refused"; error: unknown }
  | { type: "conflict"; error: unknown }
  | { type: "retry" }
  | { type: "keep-mine"; theirs: Alert }
  | { type: "take-theirs"; theirs: Alert };

export const EMPTY: DraftFields = {
  messages: [{ language: "en", text: "" }],
  area: { kind: "all" },
  duration_s: 3600,
  repetition_period_s: 60,
  note: "",
};

export function fieldsOf(alert: Alert): DraftFields {
  return {
    channel: alert.channel,
    message_identifier: alert.message_identifier,
    messages:
      alert.messages.length > 0
        ? alert.messages.map(({ language, text }) => ({ language, text }))
        : EMPTY.messages,
    area: alert.area,
    duration_s: alert.duration_s,
    repetition_period_s: alert.repetition_period_s,
    note: alert.note,
  };
}

export function startDraft(alert: Alert | null, language: string): Draft {
  const fields = alert ? fieldsOf(alert) : { ...EMPTY, messages: [{ language, text: "" }] };
  return { phase: "clean", fields, sent: null, alert, error: null };
}

export function draftReducer(draft: Draft, event: DraftEvent): Draft {
  switch (event.type) {
    case "edit": {
      const fields = { ...draft.fields, ...event.change };
      const busy = draft.phase === "saving" || draft.phase === "conflict";
      return { ...draft, fields, phase: busy ? draft.phase : "dirty" };
    }
    case "send":
      return { ...draft, phase: "saving", sent: draft.fields, error: null };
    case "stored": {
      const settled = draft.sent === draft.fields;
      return { ...draft, alert: event.alert, sent: null, phase: settled ? "clean" : "dirty" };
    }
    case "refused":
      // An edit made meanwhile is tried by itself: it may be what mends the refusal.
      return {
        ...draft,
        sent: null,
        error: event.error,
        phase: draft.sent === draft.fields ? "failed" : "dirty",
      };
    case "conflict":
      return { ...draft, sent: null, error: event.error, phase: "conflict" };
    case "retry":
      return { ...draft, phase: "dirty" };
    case "keep-mine":
      return { ...draft, alert: event.theirs, phase: "dirty", error: null };
    case "take-theirs":
      return { phase: "clean", fields: fieldsOf(event.theirs), sent: null, alert: event.theirs, error: null };
  }
}

/** Choosing a channel brings its own times, and drops what the channel doesn't have. */
export function chooseChannel(fields: DraftFields, channel: Channel): Partial<DraftFields> {
  const first = channel.identifiers[0];
  return {
    channel: channel.key,
    ...(first && { message_identifier: first.local }),
    duration_s: channel.default_duration_s,
    repetition_period_s: channel.repetition_period_s,
    messages: fields.messages.slice(0, Math.max(1, channel.max_languages)),
  };
}

/** How many times each cell sends the alert. */
export function broadcasts(fields: Pick<DraftFields, "duration_s" | "repetition_period_s">): number {
  return Math.max(1, Math.floor(fields.duration_s / Math.max(1, fields.repetition_period_s)));
}
