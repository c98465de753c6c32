// SPDX-License-Identifier: AGPL-3.0-or-later
//
// From the pressed button to the sent decision. The countdown runs before anything is sent, so Cancel is certain.
//
//   form --press--> counting --tick (5..1)--> sending --answered--> form (with the refusal, or the page moves on)
//                      '--cancel--> form

export const COUNTDOWN_S = 5;

export type Approval = { phase: "form" } | { phase: "counting"; left: number } | { phase: "sending" };

export type ApprovalEvent = "press" | "tick" | "cancel" | "answered";

export function approvalReducer(state: Approval, event: ApprovalEvent): Approval {
  switch (event) {
    case "press":
      return state.phase === "form" ? { phase: "counting", left: COUNTDOWN_S } : state;
    case "tick":
      if (state.phase !== "counting") return state;
      return state.left > 1 ? { phase: "counting", left: state.left - 1 } : { phase: "sending" };
    case "cancel":
      return state.phase === "counting" ? { phase: "form" } : state;
    case "answered":
      return state.phase === "sending" ? { phase: "form" } : state;
  }
}

/** The typed word protects from a slip, not from a stranger: case and spaces around it don't matter. */
export function sameWord(typed: string, wanted: string): boolean {
  const fold = (word: string): string => word.trim().toLocaleUpperCase().normalize("NFC");
  return fold(typed) === fold(wanted);
}
