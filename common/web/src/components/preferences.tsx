// SPDX-License-Identifier: AGPL-3.0-or-later
import { useId, useState, type ReactElement } from "react";
import { LANGUAGES, useKitText, useLanguage, type Language } from "../i18n/kit";
import { applyTheme, storedTheme, THEMES, type Theme } from "../lib/theme";

/** Language and theme, in the footer of every page. */
export function Preferences(): ReactElement {
  const text = useKitText();
  const { language, choose } = useLanguage();
  const [theme, setTheme] = useState(storedTheme);
  const [languageId, themeId] = [useId(), useId()];
  const chooseTheme = (next: Theme) => {
    applyTheme(next);
    setTheme(next);
  };
  return (
    <>
      <label htmlFor={languageId}>
        {text("kit.language")}
        <select
          id={languageId}
          className="input"
          value={language}
          onChange={(event) => choose(event.currentTarget.value as Language)}
        >
          {LANGUAGES.map(({ key, name }) => (
            <option key={key} value={key} lang={key}>
              {name}
            </option>
          ))}
        </select>
      </label>
      <label htmlFor={themeId}>
        {text("kit.theme")}
        <select
          id={themeId}
          className="input"
          value={theme}
          onChange={(event) => chooseTheme(event.currentTarget.value as Theme)}
        >
          {THEMES.map((one) => (
            <option key={one} value={one}>
              {text(`kit.theme.${one}`)}
            </option>
          ))}
        </select>
      </label>
    </>
  );
}
