// SPDX-License-Identifier: AGPL-3.0-or-later
import { Button } from "@farol/web/components/button";
import { Notice } from "@farol/web/components/notice";
import { Component, type ReactElement, type ReactNode } from "react";
import { useText } from "../i18n/text";

/** A fault of ours in a page: say so, and offer the way back. Nothing that was saved is lost. */
export class ErrorBoundary extends Component<{ children: ReactNode }, { failed: boolean }> {
  override state = { failed: false };
  static getDerivedStateFromError(): { failed: boolean } {
    return { failed: true };
  }
  override render(): ReactNode {
    return this.state.failed ? <Broken /> : this.props.children;
  }
}

function Broken(): ReactElement {
  const text = useText();
  return (
    <main className="shell-inner shell-main stack">
      <h1>{text("broken.title")}</h1>
      <Notice tone="danger">
        <p>{text("broken.text")}</p>
      </Notice>
      <p>
        <Button tone="primary" onPress={() => location.reload()}>
          {text("broken.reload")}
        </Button>
      </p>
    </main>
  );
}
