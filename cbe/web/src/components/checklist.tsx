// SPDX-License-Identifier: AGPL-3.0-or-later
import { Icon, type IconName } from "@farol/web/components/icon";
import type { ReactElement } from "react";
import type { CheckItem } from "../lib/contract";
import { useText } from "../i18n/text";

const ICONS: Record<CheckItem["state"], IconName> = { ok: "check", warning: "triangle", problem: "alert" };

/** The checklist in the server's words. */
export function Checklist({ items }: { items: CheckItem[] }): ReactElement {
  const text = useText();
  return (
    <ul className="checklist" aria-label={text("check.list")}>
      {items.map((one) => (
        <li key={one.item} className={`check check-${one.state}`}>
          <Icon name={ICONS[one.state]} />
          <span>
            <span className="hidden-visually">{text(`check-state.${one.state}`)}: </span>
            {one.text}
          </span>
        </li>
      ))}
    </ul>
  );
}
