// SPDX-License-Identifier: AGPL-3.0-or-later
import { describe, expect, it } from "vitest";
import type { Alert, Channel } from "../../lib/contract";
import { broadcasts, chooseChannel, draftReducer, startDraft, type Draft, type DraftEvent } from "./draft";

const stored = (version: number, note = ""): Alert =>
  ({
    version,
    note,
    channel: "level3",
    message_identifier: 4373,
    messages: [],
    area: { kind: "all" },
    duration_s: 600,
    repetition_period_s: 60,
  }) as unknown as Alert;
const after = (...events: DraftEvent[]): Draft => events.reduce(draftReducer, startDraft(null, "pt"));
const edit = (note: string): DraftEvent => ({ type: "edit", change: { note } });

describe("a draft", () => {
  it("is clean until something is written, in the language of the page", () => {
    const draft = after();
    expect(draft.phase).toBe("clean");
    expect(draft.fields.messages).toEqual([{ language: "pt", text: "" }]);
  });
  it.each<[string, DraftEvent[], Draft["phase"]]>([
    ["an edit makes it dirty", [edit("a")], "dirty"],
    ["a stored edit is clean", [edit("a"), { type: "send" }, { type: "stored", alert: stored(1) }], "clean"],
    [
      "an edit during the save is dirty again",
      [edit("a"), { type: "send" }, edit("b"), { type: "stored", alert: stored(1) }],
      "dirty",
    ],
    ["a refusal fails", [edit("a"), { type: "send" }, { type: "refused", error: 1 }], "failed"],
    [
      "an edit during a refused save is tried",
      [edit("a"), { type: "send" }, edit("b"), { type: "refused", error: 1 }],
      "dirty",
    ],
    [
      "an edit after a refusal is tried",
      [edit("a"), { type: "send" }, { type: "refused", error: 1 }, edit("b")],
      "dirty",
    ],
    [
      "a conflict waits for a person",
      [edit("a"), { type: "send" }, { type: "conflict", error: 1 }, edit("b")],
      "conflict",
    ],
    [
      "keeping mine saves again",
      [edit("a"), { type: "send" }, { type: "conflict", error: 1 }, { type: "keep-mine", theirs: stored(7) }],
      "dirty",
    ],
    [
      "taking theirs is clean",
      [
        edit("a"),
        { type: "send" },
        { type: "conflict", error: 1 },
        { type: "take-theirs", theirs: stored(7) },
      ],
      "clean",
    ],
  ])("%s", (_, events, phase) => {
    expect(after(...events).phase).toBe(phase);
  });
  it("S-12: keeps what was written through a conflict, on top of the version that won", () => {
    const kept = after(
      edit("mine"),
      { type: "send" },
      { type: "conflict", error: 1 },
      { type: "keep-mine", theirs: stored(7, "theirs") },
    );
    expect(kept.fields.note).toBe("mine");
    expect(kept.alert?.version).toBe(7);
    const taken = after(
      edit("mine"),
      { type: "send" },
      { type: "conflict", error: 1 },
      { type: "take-theirs", theirs: stored(7, "theirs") },
    );
    expect(taken.fields.note).toBe("theirs");
  });
});

describe("a channel", () => {
  const channel = {
    key: "exercise",
    identifiers: [{ local: 4381, additional: null, meaning: "Exercise" }],
    default_duration_s: 3600,
    repetition_period_s: 30,
    max_languages: 1,
  } as Channel;
  it("brings its identifier and times, and drops languages that it doesn't have", () => {
    const fields = {
      ...after().fields,
      messages: [
        { language: "en", text: "a" },
        { language: "pt", text: "b" },
      ],
    };
    expect(chooseChannel(fields, channel)).toEqual({
      channel: "exercise",
      message_identifier: 4381,
      duration_s: 3600,
      repetition_period_s: 30,
      messages: [{ language: "en", text: "a" }],
    });
  });
});

it.each([
  [3600, 60, 60],
  [3600, 7, 514],
  [30, 60, 1],
  [3600, 0, 3600],
])("in %d s every %d s it is sent %d times", (duration, period, times) => {
  expect(broadcasts({ duration_s: duration, repetition_period_s: period })).toBe(times);
});
