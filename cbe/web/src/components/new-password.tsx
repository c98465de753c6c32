// SPDX-License-Identifier: AGPL-3.0-or-later
import { Field } from "@farol/web/components/field";
import { useState, type ReactElement } from "react";
import { useText } from "../i18n/text";

const LEAST = 12;

/** A new password, typed twice. `onChange` gets it once both are the same and it is long enough; else nothing. */
export function NewPassword({ onChange }: { onChange: (password: string) => void }): ReactElement {
  const text = useText();
  const [first, setFirst] = useState("");
  const [second, setSecond] = useState("");
  const tell = (one: string, two: string) => onChange(one === two && [...one].length >= LEAST ? one : "");
  return (
    <>
      <Field
        label={text("password.new")}
        hint={text("password.hint")}
        name="new-password"
        type="password"
        autoComplete="new-password"
        value={first}
        onChange={(value) => {
          setFirst(value);
          tell(value, second);
        }}
      />
      <Field
        label={text("password.again")}
        error={second !== "" && !first.startsWith(second) ? text("password.differs") : undefined}
        name="new-password-again"
        type="password"
        autoComplete="new-password"
        value={second}
        onChange={(value) => {
          setSecond(value);
          tell(first, value);
        }}
      />
    </>
  );
}
