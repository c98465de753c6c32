// SPDX-License-Identifier: AGPL-3.0-or-later
import { Badge, type Tone } from "@farol/web/components/badge";
import type { IconName } from "@farol/web/components/icon";
import type { ReactElement } from "react";
import type { UserDetail } from "../../lib/contract";
import { useText } from "../../i18n/text";

const LOOKS: Record<UserDetail["status"], { tone: Tone; icon: IconName }> = {
  invited: { tone: "info", icon: "hourglass" },
  active: { tone: "success", icon: "check" },
  disabled: { tone: "warning", icon: "lock" },
  deleted: { tone: "neutral", icon: "bin" },
};

export function PersonBadge({ person }: { person: UserDetail }): ReactElement {
  const text = useText();
  const locked = person.sign_in_locked_until ?? person.decisions_locked_until;
  return (
    <span className="badges">
      <Badge {...LOOKS[person.status]}>{text(`person-status.${person.status}`)}</Badge>
      {locked && (
        <Badge tone="danger" icon="lock">
          {text("people.locked")}
        </Badge>
      )}
    </span>
  );
}
