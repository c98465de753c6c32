// SPDX-License-Identifier: AGPL-3.0-or-later

/** A length of time cut into the two units worth reading. */
export type Span =
  | { unit: "seconds"; n: number }
  | { unit: "minutes"; n: number }
  | { unit: "hours"; n: number }
  | { unit: "hours-minutes"; h: number; m: number }
  | { unit: "days-hours"; d: number; h: number };

/** Never longer than the truth. Below two minutes it is seconds, so that countdowns can be read. */
export function span(ms: number): Span {
  const seconds = Math.max(0, Math.floor(ms / 1000));
  if (seconds < 120) return { unit: "seconds", n: seconds };
  const minutes = Math.floor(seconds / 60);
  if (minutes < 60) return { unit: "minutes", n: minutes };
  const hours = Math.floor(minutes / 60);
  if (hours >= 48) return { unit: "days-hours", d: Math.floor(hours / 24), h: hours % 24 };
  return minutes % 60 === 0
    ? { unit: "hours", n: hours }
    : { unit: "hours-minutes", h: hours, m: minutes % 60 };
}
