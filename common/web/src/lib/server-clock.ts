// SPDX-License-Identifier: AGPL-3.0-or-later
//
// Countdowns follow the server's clock, not the computer's.

let offsetMs = 0;
let known = false;

/** Called with every time the server tells. Keeps the smallest delay's view: later news may only refine it. */
export function noteServerTime(iso: string): void {
  const server = Date.parse(iso);
  if (Number.isNaN(server)) return;
  const seen = server - Date.now();
  if (!known || seen > offsetMs || Math.abs(seen - offsetMs) > 2000) offsetMs = seen;
  known = true;
}

export function serverNow(): number {
  return Date.now() + offsetMs;
}

/** How far this computer's clock is from the server's, in whole seconds. */
export function clockOffsetS(): number {
  return Math.round(offsetMs / 1000);
}
