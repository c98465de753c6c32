// SPDX-License-Identifier: AGPL-3.0-or-later
import { Icon, type IconName } from "@farol/web/components/icon";
import type { ReactElement } from "react";
import { useText } from "../../i18n/text";
import { goToSection, SECTIONS, type SectionName, type SectionState } from "./sections";

const ICONS: Record<SectionState, IconName> = { todo: "clock", done: "check", problem: "alert" };

/** The sections of the page with what is left to do. */
export function TaskList({ states }: { states: Record<SectionName, SectionState> }): ReactElement {
  const text = useText();
  return (
    <nav className="tasks" aria-label={text("compose.tasks")}>
      <ol className="tasks-list">
        {SECTIONS.map((name, index) => (
          <li key={name}>
            <a
              href={`#section-${name}`}
              className={`task task-${states[name]}`}
              onClick={(event) => {
                event.preventDefault();
                goToSection(name);
              }}
            >
              <span className="task-mark">
                <Icon name={ICONS[states[name]]} />
              </span>
              <span className="task-name">
                {index + 1}. {text(`section.${name}`)}
              </span>
              <span className="task-state">{text(`task.${states[name]}`)}</span>
            </a>
          </li>
        ))}
      </ol>
      <p className="note tasks-keys">{text("compose.keys")}</p>
    </nav>
  );
}
