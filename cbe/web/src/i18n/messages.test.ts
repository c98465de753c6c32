// SPDX-License-Identifier: AGPL-3.0-or-later
import { IntlMessageFormat } from "intl-messageformat";
import { describe, expect, it } from "vitest";
import kitEnglish from "../../../../common/web/src/i18n/en.json";
import kitPortuguese from "../../../../common/web/src/i18n/pt.json";
import english from "./en.json";
import portuguese from "./pt.json";

describe("every message", () => {
  it.each([
    ["en", { ...kitEnglish, ...english }],
    ["pt", { ...kitPortuguese, ...portuguese }],
  ])("in %s is well-formed and renders for one and for many", (language, messages) => {
    for (const [id, text] of Object.entries(messages)) {
      const values = Object.fromEntries([...text.matchAll(/\{(\w+)/g)].map((match) => [match[1] ?? "", 1]));
      const format = new IntlMessageFormat(text, language);
      expect(format.format(values), id).not.toBe("");
      expect(String(format.format({ ...values, n: 5 })), id).not.toContain("{");
    }
  });
});
