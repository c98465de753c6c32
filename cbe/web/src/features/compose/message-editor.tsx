// SPDX-License-Identifier: AGPL-3.0-or-later
import { Button } from "@farol/web/components/button";
import { AreaField } from "@farol/web/components/field";
import { Icon } from "@farol/web/components/icon";
import { Notice } from "@farol/web/components/notice";
import { useEffect, useState, type ReactElement } from "react";
import { useIntl } from "react-intl";
import { useMeasure } from "../../api/reference";
import type { Message, TextMeasure } from "../../lib/contract";
import { useText } from "../../i18n/text";
import { directionOf } from "../../lib/languages";
import { markFindings, replaceFindings } from "../../lib/text-parts";
import { counterState } from "./counter";

const PAUSE_MS = 250;

/** A value once it has not changed for a while. */
function useSettled<Value>(value: Value, afterMs: number): Value {
  const [settled, setSettled] = useState(value);
  useEffect(() => {
    const timer = setTimeout(() => setSettled(value), afterMs);
    return () => clearTimeout(timer);
  }, [value, afterMs]);
  return settled;
}

/** Text with its counter. Too long a text may be typed and pasted; it cannot be submitted. */
export function MessageEditor({
  message,
  onChange,
}: {
  message: Message;
  onChange: (text: string) => void;
}): ReactElement {
  const text = useText();
  const settled = useSettled(message.text, PAUSE_MS);
  const measured = useMeasure(settled, message.language);
  return (
    <>
      <AreaField
        label={text("message.text")}
        value={message.text}
        onChange={onChange}
        dir={directionOf(message.language)}
        lang={message.language}
        after={measured.data && <Counter measure={measured.data} />}
      />
      {measured.data && (
        <Findings
          text={message.text}
          measure={measured.data}
          current={settled === message.text}
          onReplace={onChange}
        />
      )}
    </>
  );
}

function Counter({ measure }: { measure: TextMeasure }): ReactElement {
  const text = useText();
  const intl = useIntl();
  const over = counterState(measure) === "over";
  return (
    <p className={over ? "counter counter-over" : "counter"} role="status">
      {over && <Icon name="alert" />}
      <span>
        {text("counter.line", {
          characters: intl.formatNumber(measure.characters),
          limit: intl.formatNumber(measure.limit),
          encoding: measure.encoding === "gsm7" ? "GSM-7" : "UCS-2",
          pages: measure.pages,
        })}
      </span>
      {over && <strong>{text("counter.over", { n: intl.formatNumber(measure.over_by) })}</strong>}
    </p>
  );
}

/** Nothing is replaced silently: what would change is shown, and one press does it. */
function Findings({
  text: words,
  measure,
  current,
  onReplace,
}: {
  text: string;
  measure: TextMeasure;
  current: boolean;
  onReplace: (text: string) => void;
}): ReactElement | null {
  const text = useText();
  const { refused, forced_ucs2: forced } = measure;
  const replaceable = forced.filter((finding) => finding.replacement !== null);
  const some = (findings: TextMeasure["refused"]) => [
    ...new Set(findings.map((finding) => finding.character)),
  ];
  if (refused.length === 0 && forced.length === 0) return null;
  return (
    <>
      {refused.length > 0 && (
        <Notice tone="danger" title={text("finding.refused")} assertive>
          {[...new Set(refused.map((finding) => finding.why))].map((why) => (
            <p key={why}>{why}</p>
          ))}
          <Marked text={measure.tidied} findings={refused} />
        </Notice>
      )}
      {refused.length === 0 && replaceable.length > 0 && (
        <Notice tone="info" title={text("finding.ucs2", { characters: some(forced).slice(0, 12).join(" ") })}>
          <p>{text("finding.ucs2-text", { limit: measure.limit })}</p>
          <Marked text={measure.tidied} findings={forced} />
          <ul className="replacements">
            {some(replaceable)
              .slice(0, 12)
              .map((character) => {
                const to = replaceable.find((finding) => finding.character === character)?.replacement ?? "";
                return (
                  <li key={character}>
                    <code>{character}</code> → {to === "" ? text("finding.nothing") : <code>{to}</code>}
                  </li>
                );
              })}
          </ul>
          <div>
            <Button
              size="small"
              isDisabled={!current || words !== measure.tidied}
              onPress={() => onReplace(replaceFindings(measure.tidied, replaceable))}
            >
              {text("finding.replace")}
            </Button>
          </div>
        </Notice>
      )}
    </>
  );
}

function Marked({ text: words, findings }: { text: string; findings: TextMeasure["refused"] }): ReactElement {
  return (
    <p className="marked" dir="auto">
      {markFindings(words, findings).map((part, index) =>
        part.finding ? <mark key={index}>{part.text}</mark> : <span key={index}>{part.text}</span>,
      )}
    </p>
  );
}
