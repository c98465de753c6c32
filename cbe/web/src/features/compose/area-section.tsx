// SPDX-License-Identifier: AGPL-3.0-or-later
import { Button } from "@farol/web/components/button";
import { Choices, Tick } from "@farol/web/components/choice";
import { Field } from "@farol/web/components/field";
import { Loading } from "@farol/web/components/loading";
import { ProblemNotice } from "@farol/web/components/notice";
import { useState, type ReactElement } from "react";
import { useCells } from "../../api/reference";
import type { Area, Cell, CellInfo } from "../../lib/contract";
import { useText } from "../../i18n/text";
import { cellKey, findCells, toggleCell } from "../../lib/cells";
import { Section } from "./section";

/** Rows drawn at once; the search finds the others. */
const ROWS = 200;

export function AreaSection({
  area,
  onChange,
}: {
  area: Area;
  onChange: (area: Area) => void;
}): ReactElement {
  const text = useText();
  const cells = useCells();
  const [chosen, setChosen] = useState<Cell[]>(area.kind === "cells" ? area.cells : []);
  const change = (next: Area) => {
    if (next.kind === "cells") setChosen(next.cells);
    onChange(next);
  };
  return (
    <Section name="area">
      <Choices
        label={text("area.label")}
        value={area.kind}
        onChange={(kind) => change(kind === "all" ? { kind: "all" } : { kind: "cells", cells: chosen })}
        items={[
          {
            key: "all",
            title: text("area.all"),
            note: text("area.all-note", { n: cells.data?.length ?? 0 }),
          },
          { key: "cells", title: text("area.cells"), note: text("area.cells-note") },
        ]}
      />
      {area.kind === "cells" && cells.isError && <ProblemNotice error={cells.error} />}
      {area.kind === "cells" && cells.isPending && <Loading />}
      {area.kind === "cells" && cells.data && (
        <CellList all={cells.data} chosen={area.cells} onChange={change} />
      )}
    </Section>
  );
}

function CellList({
  all,
  chosen,
  onChange,
}: {
  all: CellInfo[];
  chosen: Cell[];
  onChange: (area: Area) => void;
}): ReactElement {
  const text = useText();
  const [search, setSearch] = useState("");
  const keys = new Set(chosen.map(cellKey));
  const found = findCells(all, search);
  const shown = found.slice(0, ROWS);
  const addFound = () => {
    const more = found.map((one) => one.cell).filter((cell) => !keys.has(cellKey(cell)));
    onChange({ kind: "cells", cells: [...chosen, ...more] });
  };
  return (
    <div className="cells">
      <Field
        label={text("area.search")}
        type="search"
        value={search}
        onChange={setSearch}
        autoComplete="off"
      />
      <div className="cells-head">
        <p role="status">
          <strong>{text("area.chosen", { n: chosen.length })}</strong>
        </p>
        <div className="button-row">
          <Button size="small" tone="quiet" onPress={addFound} isDisabled={found.length === 0}>
            {text("area.choose-found", { n: found.length })}
          </Button>
          <Button
            size="small"
            tone="quiet"
            isDisabled={chosen.length === 0}
            onPress={() => onChange({ kind: "cells", cells: [] })}
          >
            {text("area.choose-none")}
          </Button>
        </div>
      </div>
      <ul className="cells-list" aria-label={text("area.cells")} tabIndex={0}>
        {shown.map(({ cell, name }) => (
          <li key={cellKey(cell)}>
            <Tick
              selected={keys.has(cellKey(cell))}
              onChange={(on) => onChange(toggleCell({ kind: "cells", cells: chosen }, cell, on))}
            >
              <span className="cell-name">{name || cellKey(cell)}</span>
              <span className="cell-numbers">{cellKey(cell)}</span>
            </Tick>
          </li>
        ))}
      </ul>
      {found.length === 0 && <p className="note">{text("area.none-found")}</p>}
      {found.length > ROWS && <p className="note">{text("area.more", { n: found.length - ROWS })}</p>}
    </div>
  );
}
