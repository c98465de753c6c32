// SPDX-License-Identifier: AGPL-3.0-or-later
import { Badge, type Tone } from "@farol/web/components/badge";
import type { IconName } from "@farol/web/components/icon";
import { Loading } from "@farol/web/components/loading";
import { ProblemNotice } from "@farol/web/components/notice";
import type { ReactElement } from "react";
import { useNetwork } from "../../api/reference";
import type { Network } from "../../lib/contract";
import { useText } from "../../i18n/text";

type Cbc = Network["cbcs"][number];

const CBC_LOOK: Record<Cbc["state"], { tone: Tone; icon: IconName }> = {
  up: { tone: "success", icon: "check" },
  down: { tone: "danger", icon: "offline" },
  unknown: { tone: "neutral", icon: "clock" },
  not_used_training: { tone: "training", icon: "training" },
};

/** Whether an alert would reach the air now: broadcast centres, their network elements, the clock. */
export function NetworkStrip(): ReactElement {
  const text = useText();
  const network = useNetwork();
  return (
    <section className="panel" aria-labelledby="network-title">
      <h2 id="network-title" className="strip-title">
        {text("network.title")}
      </h2>
      {network.isError && <ProblemNotice error={network.error} />}
      {network.isPending && <Loading />}
      {network.data && (
        <ul className="strip">
          {network.data.cbcs.map((cbc) => (
            <CbcItem key={cbc.name} cbc={cbc} />
          ))}
          {network.data.cbcs.length === 0 && <li className="soft">{text("network.none")}</li>}
          <li className="strip-item">
            <ClockBadge synchronised={network.data.clock.synchronised} />
          </li>
        </ul>
      )}
    </section>
  );
}

function CbcItem({ cbc }: { cbc: Cbc }): ReactElement {
  const text = useText();
  const up = cbc.peers.filter((peer) => peer.state === "up").length;
  return (
    <li className="strip-item">
      <p className="strip-head">
        <strong>
          {text("network.cbc")} <bdi>{cbc.name}</bdi>
        </strong>
        <Badge {...CBC_LOOK[cbc.state]}>{text(`network.${cbc.state}`)}</Badge>
      </p>
      {cbc.text && cbc.state !== "up" && <p className="note">{cbc.text}</p>}
      {cbc.state === "up" && <p className="note">{text("network.peers", { up, n: cbc.peers.length })}</p>}
      <ul className="strip-peers">
        {cbc.peers.map((peer) => (
          <li key={peer.name}>
            <Badge
              tone={peer.state === "up" ? "success" : "danger"}
              icon={peer.state === "up" ? "signal" : "offline"}
            >
              <bdi>{peer.name}</bdi> · {text(`network.${peer.state}`)}
            </Badge>
          </li>
        ))}
      </ul>
    </li>
  );
}

function ClockBadge({ synchronised }: { synchronised: boolean | null }): ReactElement {
  const text = useText();
  if (synchronised === null)
    return (
      <Badge tone="neutral" icon="clock">
        {text("network.clock-unknown")}
      </Badge>
    );
  return synchronised ? (
    <Badge tone="success" icon="clock">
      {text("network.clock-ok")}
    </Badge>
  ) : (
    <Badge tone="danger" icon="clock">
      {text("network.clock-bad")}
    </Badge>
  );
}
