// SPDX-License-Identifier: AGPL-3.0-or-later
import type { ReactElement } from "react";
import type { DeliveryCounts } from "../lib/contract";
import { useText } from "../i18n/text";
import { progress } from "../lib/status";

/** Confirmed cells of all cells, in words and as a bar. Only what the network confirmed is filled. */
export function ProgressBar({ counts }: { counts: DeliveryCounts | undefined }): ReactElement {
  const text = useText();
  const { confirmed, stopped, trouble, total } = progress(counts);
  const words =
    stopped > 0
      ? text("progress.stopped", { stopped, total })
      : text("progress.confirmed", { confirmed, total });
  return (
    <div className="progress">
      <p className="progress-words" role="status">
        <strong>{words}</strong>
        {trouble > 0 && <span className="progress-trouble">{text("progress.trouble", { n: trouble })}</span>}
      </p>
      <svg className="progress-bar" viewBox="0 0 100 4" preserveAspectRatio="none" aria-hidden="true">
        <rect className="progress-ground" width="100" height="4" />
        <rect className="progress-done" width={total ? (confirmed / total) * 100 : 0} height="4" />
        <rect
          className="progress-bad"
          x={total ? ((total - trouble) / total) * 100 : 100}
          height="4"
          width={total ? (trouble / total) * 100 : 0}
        />
      </svg>
    </div>
  );
}
