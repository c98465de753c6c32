// SPDX-License-Identifier: AGPL-3.0-or-later
//
// The icons of the products, drawn here on a 24-unit grid with one stroke width. They are always beside a word, so
// they are hidden from screen readers.
import type { ReactElement } from "react";

const PATHS = {
  tower:
    "M12 13v8M8.5 21h7M12 13a2 2 0 1 0 0-4 2 2 0 0 0 0 4z" +
    "M7.8 15.2a6 6 0 0 1 0-8.4M16.2 6.8a6 6 0 0 1 0 8.4M5 18a10 10 0 0 1 0-14M19 4a10 10 0 0 1 0 14",
  training: "M2 9l10-5 10 5-10 5zM6 11.5V16c0 1.5 2.7 3 6 3s6-1.5 6-3v-4.5M22 9v6",
  pencil: "M4 20l1-4.5L16.5 4a2 2 0 0 1 3 0l.5.5a2 2 0 0 1 0 3L8.5 19z",
  hourglass: "M7 3h10M7 21h10M8 3v4l4 5 4-5V3M8 21v-4l4-5 4 5v4",
  back: "M9 14L4 9l5-5M4 9h10a6 6 0 0 1 0 12h-3",
  cross: "M6 6l12 12M18 6L6 18",
  bin: "M4 7h16M9 7V4h6v3M6.5 7l1 13h9l1-13",
  triangle: "M12 4l9 16H3zM12 10v4M12 17v.5",
  check: "M4.5 12.5l5 5L19.5 7",
  square: "M6 6h12v12H6z",
  double: "M5 6l6 6-6 6M13 6l6 6-6 6",
  alert: "M12 3a9 9 0 1 1 0 18 9 9 0 0 1 0-18zM12 8v5M12 16v.5",
  info: "M12 3a9 9 0 1 1 0 18 9 9 0 0 1 0-18zM12 11v5M12 8v.5",
  plus: "M12 5v14M5 12h14",
  list: "M8 6h12M8 12h12M8 18h12M4 6h.5M4 12h.5M4 18h.5",
  clock: "M12 3a9 9 0 1 1 0 18 9 9 0 0 1 0-18zM12 7v5l3.5 2",
  phone: "M8 3h8a1 1 0 0 1 1 1v16a1 1 0 0 1-1 1H8a1 1 0 0 1-1-1V4a1 1 0 0 1 1-1zM11 18h2",
  call: "M5 4h4l1.5 5-2.5 1.5a12 12 0 0 0 5.5 5.5L15 13.5l5 1.5v4c0 1-1 1.5-2 1.5A15.5 15.5 0 0 1 3.5 6c0-1 .5-2 1.5-2z",
  people:
    "M9 11a3.5 3.5 0 1 0 0-7 3.5 3.5 0 0 0 0 7zM2.5 20c0-3.5 3-6 6.5-6s6.5 2.5 6.5 6" +
    "M16 4.5a3.5 3.5 0 0 1 0 6M17.5 14.3c2.4.8 4 3 4 5.7",
  search: "M11 4a7 7 0 1 1 0 14 7 7 0 0 1 0-14zM16 16l5 5",
  pin: "M12 21s7-6.5 7-11.5a7 7 0 0 0-14 0C5 14.5 12 21 12 21zM12 12a2.5 2.5 0 1 0 0-5 2.5 2.5 0 0 0 0 5z",
  message: "M4 5h16v11H10l-4.5 4v-4H4z",
  signal: "M4 20v-4M9 20v-8M14 20V8M19 20V4",
  lock: "M6 11h12v9H6zM8.5 11V8a3.5 3.5 0 0 1 7 0v3",
  offline: "M3 3l18 18M8.5 15.5a5 5 0 0 1 5-1.200M5 12a10 10 0 0 1 4-2.5M14 9a10 10 0 0 1 5 3M12 19v.5",
  minus: "M5 12h14",
  copy: "M9 9h11v11H9zM5 15H4V4h11v1",
} as const;

export type IconName = keyof typeof PATHS;

export function Icon({ name }: { name: IconName }): ReactElement {
  return (
    <svg
      className="icon"
      viewBox="0 0 24 24"
      fill="none"
      stroke="currentColor"
      strokeWidth="2"
      strokeLinecap="round"
      strokeLinejoin="round"
      aria-hidden="true"
      focusable="false"
    >
      <path d={PATHS[name]} />
    </svg>
  );
}

/** Farol's mark: a lighthouse and its beam. */
export function BrandMark(): ReactElement {
  return (
    <svg className="brand-mark" viewBox="0 0 40 40" aria-hidden="true" focusable="false">
      <rect width="40" height="40" rx="9" fill="#16324f" />
      <path d="M20 11L38 5v14zM20 11L2 5v14z" fill="#ffd166" opacity="0.85" />
      <path d="M16.5 16h7l2 17h-11z" fill="#ffffff" />
      <path d="M16 20.5l8.100 0 .5 4.200-9.200 0z" fill="#d8323d" />
      <path d="M16 9l4-3.5L24 9v5h-8z" fill="#ffffff" />
      <circle cx="20" cy="11" r="1.9" fill="#ffb703" />
    </svg>
  );
}
