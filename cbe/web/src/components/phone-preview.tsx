// SPDX-License-Identifier: AGPL-3.0-or-later
import { Icon } from "@farol/web/components/icon";
import type { ReactElement } from "react";
import type { Message } from "../lib/contract";
import { useText } from "../i18n/text";
import { directionOf } from "../lib/languages";

/** A drawn phone with the alert as most phones show it: the name of the channel, then the words. */
export function PhonePreview({ title, message }: { title: string; message: Message }): ReactElement {
  const text = useText();
  return (
    <figure className="phone">
      <figcaption className="note">{text("phone.caption")}</figcaption>
      <div className="phone-body">
        <div className="phone-screen">
          <div className="phone-alert">
            <p className="phone-title">
              <Icon name="triangle" />
              {title}
            </p>
            <p className="phone-text" dir={directionOf(message.language)} lang={message.language}>
              {message.text || <span className="phone-empty">{text("phone.empty")}</span>}
            </p>
            <p className="phone-button" aria-hidden="true">
              OK
            </p>
          </div>
        </div>
      </div>
    </figure>
  );
}
