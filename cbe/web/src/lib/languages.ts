// SPDX-License-Identifier: AGPL-3.0-or-later

/** Languages an alert may be written in; the language of the page is another matter. */
export const ALERT_LANGUAGES = [
  "en",
  "pt",
  "es",
  "fr",
  "de",
  "it",
  "nl",
  "pl",
  "ar",
  "el",
  "he",
  "ru",
  "tr",
  "uk",
  "zh",
] as const;

const RIGHT_TO_LEFT = new Set(["ar", "fa", "he", "ur"]);

export function directionOf(language: string): "ltr" | "rtl" {
  return RIGHT_TO_LEFT.has(language) ? "rtl" : "ltr";
}

/** The language's name, said in the language of the page. */
export function languageName(language: string, pageLocale: string): string {
  const name = new Intl.DisplayNames([pageLocale], { type: "language" }).of(language) ?? language;
  return name.charAt(0).toLocaleUpperCase(pageLocale) + name.slice(1);
}
