// SPDX-License-Identifier: AGPL-3.0-or-later
import { useEffect } from "react";
import { useSession } from "../api/session";
import { useText } from "../i18n/text";

/** The browser's title always names the mode. */
export function usePageTitle(title: string): void {
  const text = useText();
  const { mode } = useSession().authority;
  useEffect(() => {
    document.title = `${title} · ${text(`kit.mode.${mode}`)} · Farol`;
  });
}
