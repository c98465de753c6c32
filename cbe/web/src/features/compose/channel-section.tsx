// SPDX-License-Identifier: AGPL-3.0-or-later
import { Badge } from "@farol/web/components/badge";
import { Choices, type ChoiceItem } from "@farol/web/components/choice";
import type { ReactElement } from "react";
import type { DraftFields } from "../../api/alerts";
import type { Channel } from "../../lib/contract";
import { useText } from "../../i18n/text";
import { chooseChannel } from "./draft";
import { Section } from "./section";

/** Channels that warn and channels that test stand in separate lists: they are never confused. */
export function ChannelSection({
  fields,
  channels,
  onEdit,
}: {
  fields: DraftFields;
  channels: Channel[];
  onEdit: (change: Partial<DraftFields>) => void;
}): ReactElement {
  const text = useText();
  const chosen = channels.find((channel) => channel.key === fields.channel);
  const item = (channel: Channel): ChoiceItem => ({
    key: channel.key,
    title: channel.name,
    note: channel.allowed ? text(`opt-out.${channel.opt_out}`) : text("channel.not-allowed"),
    disabled: !channel.allowed,
    side:
      channel.kind === "live" ? undefined : (
        <Badge tone="training" icon="training">
          {text(`channel-kind.${channel.kind}`)}
        </Badge>
      ),
  });
  const choose = (key: string) => {
    const channel = channels.find((one) => one.key === key);
    if (channel) onEdit(chooseChannel(fields, channel));
  };
  const warning = channels.filter((channel) => channel.kind === "live");
  const testing = channels.filter((channel) => channel.kind !== "live");
  return (
    <Section name="channel">
      <div className="channel-lists">
        {warning.length > 0 && (
          <Choices
            label={text("channel.warning")}
            hint={text("channel.warning-hint")}
            items={warning.map(item)}
            value={chosen?.kind === "live" ? chosen.key : null}
            onChange={choose}
          />
        )}
        {testing.length > 0 && (
          <Choices
            label={text("channel.testing")}
            hint={text("channel.testing-hint")}
            items={testing.map(item)}
            value={chosen && chosen.kind !== "live" ? chosen.key : null}
            onChange={choose}
          />
        )}
      </div>
      {chosen && chosen.identifiers.length > 1 && (
        <Choices
          label={text("channel.identifier")}
          value={String(fields.message_identifier)}
          items={chosen.identifiers.map(({ local, meaning }) => ({
            key: String(local),
            title: meaning,
            side: <span className="tabular soft">{local}</span>,
          }))}
          onChange={(key) => onEdit({ message_identifier: Number(key) })}
        />
      )}
    </Section>
  );
}
