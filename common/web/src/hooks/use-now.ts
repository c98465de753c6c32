// SPDX-License-Identifier: AGPL-3.0-or-later
import { useEffect, useState } from "react";
import { serverNow } from "../lib/server-clock";

/** The server's time in milliseconds, renewed every second. */
export function useNow(): number {
  const [now, setNow] = useState(serverNow);
  useEffect(() => {
    const timer = setInterval(() => setNow(serverNow()), 1000);
    return () => clearInterval(timer);
  }, []);
  return now;
}
