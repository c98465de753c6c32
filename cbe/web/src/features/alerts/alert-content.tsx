// SPDX-License-Identifier: AGPL-3.0-or-later
import { Icon } from "@farol/web/components/icon";
import { Notice } from "@farol/web/components/notice";
import { useSpan } from "@farol/web/hooks/use-span";
import { useEffect, useState, type ReactElement } from "react";
import { useIntl } from "react-intl";
import type { Alert } from "../../lib/contract";
import { useAreaWords } from "../../components/area-words";
import { PhonePreview } from "../../components/phone-preview";
import { useText } from "../../i18n/text";
import { readContent, type Content } from "../../lib/content";
import { digestOf } from "../../lib/digest";
import { directionOf, languageName } from "../../lib/languages";

/**
 * What goes on air, word for word. Once submitted it is read from the member that the digest covers, and the digest is
 * computed again here: what is shown is what is decided on.
 */
export function AlertContent({ alert, channel }: { alert: Alert; channel: string }): ReactElement {
  const text = useText();
  const content = alert.digest === null ? null : readContent(alert.content);
  const messages = content?.messages ?? alert.messages;
  const pages = (language: string) => alert.messages.find((one) => one.language === language)?.measure;
  const { locale } = useIntl();
  return (
    <section className="panel stack" aria-labelledby="content-title">
      <div>
        <h2 id="content-title">{text(alert.digest ? "content.title" : "content.title-draft")}</h2>
        <p className="soft">{text(alert.digest ? "content.exact" : "content.draft")}</p>
      </div>
      {alert.digest !== null && !content && (
        <Notice tone="danger" assertive>
          <p>{text("content.unreadable")}</p>
        </Notice>
      )}
      {messages.map((message) => (
        <div className="message-row" key={message.language}>
          <figure className="as-sent">
            <figcaption>
              <strong>{languageName(message.language, locale)}</strong>
              <span className="note tabular">
                {text("content.message-note", {
                  identifier: message.message_identifier,
                  pages: pages(message.language)?.pages ?? 0,
                  encoding: pages(message.language)?.encoding === "ucs2" ? "UCS-2" : "GSM-7",
                })}
              </span>
            </figcaption>
            <blockquote lang={message.language} dir={directionOf(message.language)}>
              {message.text || text("alert.no-text")}
            </blockquote>
          </figure>
          <PhonePreview title={channel} message={message} />
        </div>
      ))}
      <Facts alert={alert} channel={channel} content={content} />
      {alert.note && (
        <div className="author-note">
          <h3>{text("content.note")}</h3>
          <p>{alert.note}</p>
        </div>
      )}
      {alert.digest !== null && <DigestLine digest={alert.digest} content={alert.content} />}
    </section>
  );
}

function Facts({
  alert,
  channel,
  content,
}: {
  alert: Alert;
  channel: string;
  content: Content | null;
}): ReactElement {
  const text = useText();
  const intl = useIntl();
  const spanOf = useSpan();
  const areaWords = useAreaWords();
  const moment = (iso: string): string =>
    intl.formatDate(iso, {
      day: "numeric",
      month: "short",
      hour: "2-digit",
      minute: "2-digit",
      second: "2-digit",
      timeZoneName: "short",
    });
  return (
    <dl className="facts">
      <div>
        <dt>{text("content.channel")}</dt>
        <dd>
          {channel}
          <br />
          <span className="note">{alert.identifier_meaning}</span>
        </dd>
      </div>
      <div>
        <dt>{text("content.area")}</dt>
        <dd>{areaWords(content?.area ?? alert.area)}</dd>
      </div>
      <div>
        <dt>{text("content.time")}</dt>
        <dd>
          {content ? (
            <>
              {moment(content.start)}
              <br />
              {text("content.until", { end: moment(content.end) })}
            </>
          ) : (
            text("content.lasts", { span: spanOf(alert.duration_s * 1000) })
          )}
        </dd>
      </div>
      <div>
        <dt>{text("content.repetition")}</dt>
        <dd>{text("content.every", { n: content?.repetition_period_s ?? alert.repetition_period_s })}</dd>
      </div>
      <div>
        <dt>{text("content.written")}</dt>
        <dd>{alert.contributors.map((one) => one.name).join(", ")}</dd>
      </div>
      {alert.approved_by ? (
        <div>
          <dt>{text("content.approved")}</dt>
          <dd>{alert.approved_by.name}</dd>
        </div>
      ) : (
        <div>
          <dt>{text("content.approvers")}</dt>
          <dd>{alert.eligible_approvers.map((one) => one.name).join(", ") || text("content.nobody")}</dd>
        </div>
      )}
      {content && (
        <div>
          <dt>{text("content.serial")}</dt>
          <dd className="tabular">{content.serial_number}</dd>
        </div>
      )}
    </dl>
  );
}

/** The digest, and whether this browser gets the same one from what it shows. */
function DigestLine({ digest, content }: { digest: string; content: unknown }): ReactElement {
  const text = useText();
  const [own, setOwn] = useState<string | null>(null);
  useEffect(() => {
    let wanted = true;
    void digestOf(content).then((computed) => {
      if (wanted) setOwn(computed);
    });
    return () => {
      wanted = false;
    };
  }, [content]);
  if (own !== null && own !== digest) {
    return (
      <Notice tone="danger" title={text("digest.differs")} assertive>
        <p>{text("digest.differs-text")}</p>
      </Notice>
    );
  }
  return (
    <p className="digest note">
      <Icon name="lock" />
      <span>
        {text("digest.same")} <code>{digest.slice(0, 16)}…</code>
      </span>
    </p>
  );
}
