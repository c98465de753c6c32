// SPDX-License-Identifier: AGPL-3.0-or-later
//
// Words come from message files only, one per language, in ICU syntax. The kit has its own (kit.*), each application
// adds its own; an id that is in no file is a type error, so it fails the build.
import { createContext, useContext, useEffect, useState, type ReactElement, type ReactNode } from "react";
import { I18nProvider } from "react-aria-components";
import { IntlProvider, useIntl } from "react-intl";
import english from "./en.json";

export type KitMessage = keyof typeof english;
export type Language = "en" | "pt";
export const LANGUAGES: readonly { key: Language; name: string }[] = [
  { key: "en", name: "English" },
  { key: "pt", name: "Português" },
];

type Values = Record<string, string | number>;
type Catalogue = Record<string, string>;
export type LoadCatalogue = (language: Language) => Promise<Catalogue>;

/** A hook that gives the words of a set of ids. */
export function makeUseText<Id extends string>(): () => (id: Id, values?: Values) => string {
  return function useText() {
    const intl = useIntl();
    return (id, values) => intl.formatMessage({ id }, values);
  };
}
export const useKitText = makeUseText<KitMessage>();

async function loadKit(language: Language): Promise<Catalogue> {
  return language === "en" ? english : (await import("./pt.json")).default;
}

const STORED = "farol-language";

export function storedLanguage(): Language {
  const wanted = localStorage.getItem(STORED) ?? navigator.language.slice(0, 2);
  return LANGUAGES.find((language) => language.key === wanted)?.key ?? "en";
}

interface Choice {
  language: Language;
  choose: (language: Language) => void;
}
const LanguageChoice = createContext<Choice>({ language: "en", choose: () => undefined });
export const useLanguage = (): Choice => useContext(LanguageChoice);

/** Gives the pages their language. */
export function Words({ load, children }: { load: LoadCatalogue; children: ReactNode }): ReactElement | null {
  const [language, setLanguage] = useState(storedLanguage);
  const [messages, setMessages] = useState<Catalogue | null>(null);
  useEffect(() => {
    let wanted = true;
    void Promise.all([loadKit(language), load(language)]).then(([kit, application]) => {
      if (!wanted) return;
      document.documentElement.lang = language;
      setMessages({ ...kit, ...application });
    });
    return () => {
      wanted = false;
    };
  }, [language, load]);
  if (!messages) return null;
  const choose = (next: Language) => {
    localStorage.setItem(STORED, next);
    setLanguage(next);
  };
  const locale = language === "en" ? "en-GB" : "pt-PT";
  return (
    <LanguageChoice value={{ language, choose }}>
      <I18nProvider locale={locale}>
        <IntlProvider
          locale={locale}
          messages={messages}
          onError={(error) => {
            throw error;
          }}
        >
          {children}
        </IntlProvider>
      </I18nProvider>
    </LanguageChoice>
  );
}
