// SPDX-License-Identifier: AGPL-3.0-or-later
import type { CheckItem } from "../../lib/contract";
import type { Draft } from "./draft";

export const SECTIONS = ["channel", "message", "area", "timing", "check"] as const;
export type SectionName = (typeof SECTIONS)[number];
export type SectionState = "todo" | "done" | "problem";

const ITEMS: Record<Exclude<SectionName, "check">, CheckItem["item"][]> = {
  channel: ["channel"],
  message: ["text", "language"],
  area: ["area"],
  timing: ["duration", "repetition"],
};

/** What the server's checklist says about each section. What was never touched is "to do", not a problem. */
export function sectionStates({ alert, fields }: Draft): Record<SectionName, SectionState> {
  const touched: Record<Exclude<SectionName, "check">, boolean> = {
    channel: fields.channel !== undefined,
    message: fields.messages.some((message) => message.text.trim() !== ""),
    area: alert !== null,
    timing: alert !== null,
  };
  const stateOf = (section: Exclude<SectionName, "check">): SectionState => {
    if (!alert || !touched[section]) return "todo";
    const problem = alert.checklist.some(
      (one) => ITEMS[section].includes(one.item) && one.state === "problem",
    );
    return problem ? "problem" : "done";
  };
  const states = {
    channel: stateOf("channel"),
    message: stateOf("message"),
    area: stateOf("area"),
    timing: stateOf("timing"),
  };
  const ready = alert !== null && alert.checklist.every((one) => one.state !== "problem");
  return { ...states, check: ready ? "done" : "todo" };
}

export function goToSection(name: SectionName): void {
  const section = document.getElementById(`section-${name}`);
  section?.scrollIntoView({ block: "start" });
  section?.querySelector<HTMLElement>("h2")?.focus({ preventScroll: true });
}
