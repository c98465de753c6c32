// SPDX-License-Identifier: AGPL-3.0-or-later
//
// The digest that an approver signs, computed again here from what the page shows: SHA-256 of the canonical form
// (RFC 8785) of the content. ECMAScript's own number and string forms are the canonical ones.

export function canonical(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonical).join(",")}]`;
  if (typeof value === "object" && value !== null) {
    const members = Object.entries(value)
      .filter(([, member]) => member !== undefined)
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([name, member]) => `${JSON.stringify(name)}:${canonical(member)}`);
    return `{${members.join(",")}}`;
  }
  return JSON.stringify(value);
}

export async function digestOf(content: unknown): Promise<string> {
  const octets = await crypto.subtle.digest("SHA-256", new TextEncoder().encode(canonical(content)));
  return [...new Uint8Array(octets)].map((octet) => octet.toString(16).padStart(2, "0")).join("");
}
