// SPDX-License-Identifier: AGPL-3.0-or-later
import type { ReactElement, ReactNode } from "react";
import { useText } from "../../i18n/text";
import { SECTIONS, type SectionName } from "./sections";

export function Section({ name, children }: { name: SectionName; children: ReactNode }): ReactElement {
  const text = useText();
  return (
    <section id={`section-${name}`} className="panel compose-section" aria-labelledby={`title-${name}`}>
      <h2 id={`title-${name}`} tabIndex={-1}>
        <span className="section-number" aria-hidden="true">
          {SECTIONS.indexOf(name) + 1}
        </span>
        {text(`section.${name}`)}
      </h2>
      {children}
    </section>
  );
}
