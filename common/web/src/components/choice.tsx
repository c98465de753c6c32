// SPDX-License-Identifier: AGPL-3.0-or-later
import type { ReactElement, ReactNode } from "react";
import { Checkbox, Label, Radio, RadioGroup, Text } from "react-aria-components";
import { Icon } from "./icon";

export interface ChoiceItem {
  key: string;
  title: ReactNode;
  note?: ReactNode;
  side?: ReactNode;
  disabled?: boolean;
}

/** One of several, each a card that can be read before it is chosen. */
export function Choices({
  label,
  hint,
  items,
  value,
  onChange,
}: {
  label: ReactNode;
  hint?: ReactNode;
  items: ChoiceItem[];
  value: string | null;
  onChange: (key: string) => void;
}): ReactElement {
  return (
    <RadioGroup className="choices" value={value} onChange={onChange}>
      <Label className="field-label">{label}</Label>
      {hint && (
        <Text slot="description" className="field-hint">
          {hint}
        </Text>
      )}
      <div className="choices-items">
        {items.map((item) => (
          <Radio key={item.key} value={item.key} className="choice" isDisabled={item.disabled ?? false}>
            <span className="choice-mark" aria-hidden="true" />
            <span className="choice-title">{item.title}</span>
            {item.side}
            {item.note && <span className="choice-note">{item.note}</span>}
          </Radio>
        ))}
      </div>
    </RadioGroup>
  );
}

export function Tick({
  children,
  selected,
  onChange,
  indeterminate,
}: {
  children: ReactNode;
  selected: boolean;
  onChange: (selected: boolean) => void;
  indeterminate?: boolean;
}): ReactElement {
  return (
    <Checkbox
      className="tick"
      isSelected={selected}
      onChange={onChange}
      isIndeterminate={indeterminate ?? false}
    >
      <span className="tick-box" aria-hidden="true">
        <Icon name={indeterminate ? "minus" : "check"} />
      </span>
      <span>{children}</span>
    </Checkbox>
  );
}
