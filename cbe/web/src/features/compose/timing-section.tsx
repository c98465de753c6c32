// SPDX-License-Identifier: AGPL-3.0-or-later
import { Field } from "@farol/web/components/field";
import { useNow } from "@farol/web/hooks/use-now";
import { useSpan } from "@farol/web/hooks/use-span";
import type { ReactElement } from "react";
import { useIntl } from "react-intl";
import type { DraftFields } from "../../api/alerts";
import type { Channel } from "../../lib/contract";
import { useText } from "../../i18n/text";
import { broadcasts } from "./draft";
import { Section } from "./section";

const digits = (text: string): number => Number(text.replace(/\D/g, "").slice(0, 5));

export function TimingSection({
  fields,
  channel,
  onEdit,
}: {
  fields: DraftFields;
  channel: Channel | undefined;
  onEdit: (change: Partial<DraftFields>) => void;
}): ReactElement {
  const text = useText();
  const intl = useIntl();
  const spanOf = useSpan();
  const now = useNow();
  const hours = Math.floor(fields.duration_s / 3600);
  const minutes = Math.floor((fields.duration_s % 3600) / 60);
  const end = new Date(now + fields.duration_s * 1000);
  const outside =
    channel !== undefined &&
    (fields.duration_s < channel.min_duration_s || fields.duration_s > channel.max_duration_s);
  const error = outside
    ? text("timing.range", {
        min: spanOf(channel.min_duration_s * 1000),
        max: spanOf(channel.max_duration_s * 1000),
      })
    : undefined;
  return (
    <Section name="timing">
      <p>{text("timing.start")}</p>
      <div className="timing">
        <Field
          label={text("timing.hours")}
          value={String(hours)}
          inputMode="numeric"
          inputClass="input-number"
          onChange={(value) => onEdit({ duration_s: Math.min(23, digits(value)) * 3600 + minutes * 60 })}
        />
        <Field
          label={text("timing.minutes")}
          value={String(minutes)}
          inputMode="numeric"
          inputClass="input-number"
          onChange={(value) => onEdit({ duration_s: hours * 3600 + Math.min(59, digits(value)) * 60 })}
        />
        <Field
          label={text("timing.repetition")}
          value={String(fields.repetition_period_s)}
          inputMode="numeric"
          inputClass="input-number"
          onChange={(value) => onEdit({ repetition_period_s: digits(value) })}
        />
      </div>
      {error && (
        <p className="field-error" role="alert">
          {error}
        </p>
      )}
      <dl className="facts">
        <div>
          <dt>{text("timing.end")}</dt>
          <dd>
            {intl.formatDate(end, {
              weekday: "short",
              day: "numeric",
              month: "short",
              hour: "2-digit",
              minute: "2-digit",
              timeZoneName: "short",
            })}
          </dd>
        </div>
        <div>
          <dt>{text("timing.lasts")}</dt>
          <dd>{spanOf(fields.duration_s * 1000)}</dd>
        </div>
        <div>
          <dt>{text("timing.broadcasts")}</dt>
          <dd className="tabular">
            {text("timing.broadcasts-value", { n: intl.formatNumber(broadcasts(fields)) })}
          </dd>
        </div>
      </dl>
    </Section>
  );
}
