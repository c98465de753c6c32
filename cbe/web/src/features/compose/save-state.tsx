// SPDX-License-Identifier: AGPL-3.0-or-later
import { newKey } from "@farol/web/api/client";
import { Button } from "@farol/web/components/button";
import { Icon } from "@farol/web/components/icon";
import { Notice, ProblemNotice } from "@farol/web/components/notice";
import { useQueryClient } from "@tanstack/react-query";
import type { Dispatch, ReactElement } from "react";
import { valueOf } from "@farol/web/api/client";
import { alertKey } from "../../api/alerts";
import { http } from "../../api/client";
import type { Alert } from "../../lib/contract";
import { useText } from "../../i18n/text";
import type { Draft, DraftEvent } from "./draft";

/** Says whether what is written is safe, and offers the way out when it is not. */
export function SaveState({
  draft,
  dispatch,
}: {
  draft: Draft;
  dispatch: Dispatch<DraftEvent>;
}): ReactElement {
  const text = useText();
  const { phase } = draft;
  if (phase === "failed") {
    return (
      <div className="stack-tight">
        <ProblemNotice error={draft.error} title={text("save.failed")} />
        <div>
          <Button size="small" onPress={() => dispatch({ type: "retry" })}>
            {text("save.retry")}
          </Button>
        </div>
      </div>
    );
  }
  if (phase === "conflict" && draft.alert) return <Conflict id={draft.alert.id} dispatch={dispatch} />;
  const words = phase === "clean" ? (draft.alert ? "save.saved" : "save.nothing") : "save.saving";
  return (
    <p className="save-state" role="status">
      <Icon name={phase === "clean" ? "check" : "clock"} />
      {text(words)}
    </p>
  );
}

function Conflict({ id, dispatch }: { id: string; dispatch: Dispatch<DraftEvent> }): ReactElement {
  const text = useText();
  const client = useQueryClient();
  const settle = async (type: "keep-mine" | "take-theirs") => {
    const theirs: Alert = await client.fetchQuery({
      queryKey: [...alertKey(id), newKey()],
      queryFn: () => valueOf(http.GET("/api/v1/alerts/{id}", { params: { path: { id } } })),
    });
    dispatch({ type, theirs });
  };
  return (
    <Notice tone="warning" title={text("save.conflict")} assertive>
      <p>{text("save.conflict-text")}</p>
      <div className="button-row">
        <Button size="small" onPress={() => settle("keep-mine")}>
          {text("save.keep-mine")}
        </Button>
        <Button size="small" onPress={() => settle("take-theirs")}>
          {text("save.take-theirs")}
        </Button>
      </div>
    </Notice>
  );
}
