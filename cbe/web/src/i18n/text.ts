// SPDX-License-Identifier: AGPL-3.0-or-later
import { makeUseText, type KitMessage, type LoadCatalogue } from "@farol/web/i18n/kit";
import english from "./en.json";

export type MessageId = keyof typeof english;

/** The words of this application and of the kit. */
export const useText = makeUseText<MessageId | KitMessage>();

export const loadCatalogue: LoadCatalogue = async (language) =>
  language === "en" ? english : (await import("./pt.json")).default;
