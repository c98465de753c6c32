// SPDX-License-Identifier: AGPL-3.0-or-later
import { useKitText } from "../i18n/kit";
import { span } from "../lib/duration";

/** Lengths of time in words: "3 h 20 min". */
export function useSpan(): (ms: number) => string {
  const text = useKitText();
  return (ms) => {
    const { unit, ...values } = span(ms);
    return text(`kit.${unit}`, values);
  };
}
