// SPDX-License-Identifier: AGPL-3.0-or-later
//
// Fields: label above, hint under the label, error under the hint. Pasting is never blocked.
import type { ReactElement, ReactNode } from "react";
import {
  FieldError,
  Input,
  Label,
  Text,
  TextArea,
  TextField,
  type TextFieldProps,
} from "react-aria-components";
import { Icon } from "./icon";

interface Common {
  label: ReactNode;
  hint?: ReactNode;
  error?: string | undefined;
}

type Rest = Omit<TextFieldProps, "children" | "className" | "isInvalid" | "style">;

export function Field({
  label,
  hint,
  error,
  inputClass,
  inputMode,
  maxLength,
  ...rest
}: Common & Rest & { inputClass?: string }): ReactElement {
  return (
    <TextField {...rest} isInvalid={Boolean(error)} className="field" validationBehavior="aria">
      <Label className="field-label">{label}</Label>
      {hint && (
        <Text slot="description" className="field-hint">
          {hint}
        </Text>
      )}
      <Input
        className={`input ${inputClass ?? ""}`}
        {...(inputMode && { inputMode })}
        {...(maxLength && { maxLength })}
      />
      <ErrorText error={error} />
    </TextField>
  );
}

export function AreaField({
  label,
  hint,
  error,
  dir,
  lang,
  after,
  ...rest
}: Common & Rest & { dir?: "ltr" | "rtl" | "auto"; lang?: string; after?: ReactNode }): ReactElement {
  return (
    <TextField {...rest} isInvalid={Boolean(error)} className="field" validationBehavior="aria">
      <Label className="field-label">{label}</Label>
      {hint && (
        <Text slot="description" className="field-hint">
          {hint}
        </Text>
      )}
      <TextArea className="input" dir={dir} lang={lang} />
      {after}
      <ErrorText error={error} />
    </TextField>
  );
}

/** A six-digit code of an authenticator application. Spaces that come with a pasted code are dropped. */
export function CodeField({
  label,
  hint,
  error,
  value,
  onChange,
  autoFocus,
  isDisabled,
}: Common & {
  value: string;
  onChange: (value: string) => void;
  autoFocus?: boolean;
  isDisabled?: boolean;
}): ReactElement {
  return (
    <Field
      label={label}
      hint={hint}
      error={error}
      value={value}
      autoFocus={autoFocus ?? false}
      isDisabled={isDisabled ?? false}
      name="totp"
      autoComplete="one-time-code"
      inputMode="numeric"
      inputClass="input-code"
      onChange={(text) => onChange(text.replace(/\D/g, "").slice(0, 6))}
    />
  );
}

function ErrorText({ error }: { error: string | undefined }): ReactElement {
  return (
    <FieldError className="field-error">
      <Icon name="alert" />
      <span>{error}</span>
    </FieldError>
  );
}
