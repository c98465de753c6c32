// SPDX-License-Identifier: AGPL-3.0-or-later
import { useEffect, useState, type ReactElement } from "react";
import { useKitText } from "../i18n/kit";

const QUIET_MS = 300;

/** Nothing for a third of a second, then the shape of what is to come. */
export function Loading(): ReactElement | null {
  const text = useKitText();
  const [late, setLate] = useState(false);
  useEffect(() => {
    const timer = setTimeout(() => setLate(true), QUIET_MS);
    return () => clearTimeout(timer);
  }, []);
  if (!late) return null;
  return (
    <div className="skeleton" role="status">
      <span className="hidden-visually">{text("kit.loading")}</span>
      <span />
      <span />
      <span />
    </div>
  );
}
