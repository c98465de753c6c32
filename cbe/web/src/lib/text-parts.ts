// SPDX-License-Identifier: AGPL-3.0-or-later
import type { TextFinding } from "./contract";

export interface TextPart {
  text: string;
  finding: TextFinding | null;
}

/** Cuts a text at its findings, so that they can be marked. Findings count code points, as the codec does. */
export function markFindings(text: string, findings: readonly TextFinding[]): TextPart[] {
  const characters = [...text];
  const parts: TextPart[] = [];
  let from = 0;
  for (const finding of [...findings].sort((a, b) => a.at - b.at)) {
    if (finding.at < from || finding.at >= characters.length) continue;
    if (finding.at > from) parts.push({ text: characters.slice(from, finding.at).join(""), finding: null });
    parts.push({ text: characters[finding.at] ?? "", finding });
    from = finding.at + 1;
  }
  if (from < characters.length) parts.push({ text: characters.slice(from).join(""), finding: null });
  return parts;
}

/** The text with everything replaced that has a replacement. Only ever on the author's request. */
export function replaceFindings(text: string, findings: readonly TextFinding[]): string {
  return markFindings(text, findings)
    .map((part) => part.finding?.replacement ?? part.text)
    .join("");
}
