// SPDX-License-Identifier: AGPL-3.0-or-later
import { Button } from "@farol/web/components/button";
import { useId, type ReactElement } from "react";
import { useIntl } from "react-intl";
import type { DraftFields } from "../../api/alerts";
import type { Channel, Message } from "../../lib/contract";
import { PhonePreview } from "../../components/phone-preview";
import { useText } from "../../i18n/text";
import { ALERT_LANGUAGES } from "../../lib/languages";
import { languageName } from "../../lib/languages";
import { MessageEditor } from "./message-editor";
import { Section } from "./section";

/** One panel per language, with the phone beside it. */
export function MessageSection({
  fields,
  channel,
  onEdit,
}: {
  fields: DraftFields;
  channel: Channel | undefined;
  onEdit: (change: Partial<DraftFields>) => void;
}): ReactElement {
  const text = useText();
  const { messages } = fields;
  const change = (index: number, message: Message) =>
    onEdit({ messages: messages.map((one, at) => (at === index ? message : one)) });
  const add = () => {
    const free = ALERT_LANGUAGES.find((language) => messages.every((one) => one.language !== language));
    if (free) onEdit({ messages: [...messages, { language: free, text: "" }] });
  };
  const room = messages.length < (channel?.max_languages ?? 1);
  return (
    <Section name="message">
      {messages.map((message, index) => (
        <div className="message-row" key={index}>
          <div className="stack-tight">
            <LanguageSelect
              value={message.language}
              taken={messages.map((one) => one.language)}
              label={text(index === 0 ? "message.language" : "message.language-more")}
              onChange={(language) => change(index, { ...message, language })}
            />
            <MessageEditor
              message={message}
              onChange={(words) => change(index, { ...message, text: words })}
            />
            {index > 0 && (
              <div>
                <Button
                  tone="quiet"
                  size="small"
                  icon="bin"
                  onPress={() => onEdit({ messages: messages.filter((_, at) => at !== index) })}
                >
                  {text("message.remove")}
                </Button>
              </div>
            )}
          </div>
          <PhonePreview title={channel?.name ?? text("message.no-channel")} message={message} />
        </div>
      ))}
      {room && (
        <div>
          <Button icon="plus" size="small" onPress={add}>
            {text("message.add")}
          </Button>
        </div>
      )}
      <p className="note">{text("message.advice")}</p>
    </Section>
  );
}

function LanguageSelect({
  label,
  value,
  taken,
  onChange,
}: {
  label: string;
  value: string;
  taken: string[];
  onChange: (language: string) => void;
}): ReactElement {
  const id = useId();
  const { locale } = useIntl();
  const offered = ALERT_LANGUAGES.filter((language) => language === value || !taken.includes(language));
  return (
    <div className="field">
      <label className="field-label" htmlFor={id}>
        {label}
      </label>
      <select
        id={id}
        className="input"
        value={value}
        onChange={(event) => onChange(event.currentTarget.value)}
      >
        {offered.map((language) => (
          <option key={language} value={language}>
            {languageName(language, locale)}
          </option>
        ))}
      </select>
    </div>
  );
}
