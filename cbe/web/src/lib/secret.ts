// SPDX-License-Identifier: AGPL-3.0-or-later
//
// What a new second factor looks like on a page.

/** The path of the server's QR code; null if it isn't one. Only numbers and drawing letters are taken over. */
export function qrPath(svg: string): { size: number; path: string } | null {
  const size = /viewBox="0 0 (\d{1,4}) \1"/.exec(svg)?.[1];
  const path = /<path d="([Mhvz0-9 -]+)"\/>/.exec(svg)?.[1];
  return size && path ? { size: Number(size), path } : null;
}

/** In groups of four, for typing. */
export function grouped(secret: string): string {
  return secret.replace(/(.{4})(?=.)/g, "$1 ");
}
