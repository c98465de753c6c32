// SPDX-License-Identifier: AGPL-3.0-or-later
//
// The one way to the daemon: typed by its OpenAPI file, with the session's CSRF token on everything that changes
// something, and answers turned into values or Refusals.
import createClient, { type Client } from "openapi-fetch";
import { Refusal, Unreachable, Unsure } from "./refusal";

const ANSWER_WITHIN_MS = 15_000;
const PAUSES_MS = [400, 1200, 3000];

export interface Api<Paths extends object> {
  http: Client<Paths>;
  /** Set when a session is read, cleared when it ends. */
  setCsrfToken: (token: string | null) => void;
}

export function makeApi<Paths extends object>(): Api<Paths> {
  let csrfToken: string | null = null;
  const http = createClient<Paths>({
    baseUrl: location.origin,
    credentials: "same-origin",
    fetch: (request) => fetch(request, { signal: AbortSignal.timeout(ANSWER_WITHIN_MS) }),
  });
  http.use({
    onRequest({ request }) {
      if (csrfToken && request.method !== "GET") request.headers.set("X-CSRF-Token", csrfToken);
      return request;
    },
  });
  return {
    http,
    setCsrfToken: (token) => {
      csrfToken = token;
    },
  };
}

interface Answered<Data> {
  data?: Data;
  error?: unknown;
  response: Response;
}

/** The value of an answer, or a Refusal, or Unreachable. */
export async function valueOf<Data>(request: Promise<Answered<Data>>): Promise<Data> {
  let answered: Answered<Data>;
  try {
    answered = await request;
  } catch (error) {
    throw new Unreachable(String(error));
  }
  const { data, error, response } = answered;
  if (!response.ok) {
    const wait = Number(response.headers.get("Retry-After"));
    throw new Refusal(response.status, error, Number.isFinite(wait) && wait > 0 ? wait : null);
  }
  return data as Data;
}

const pause = (ms: number): Promise<void> =>
  new Promise((resolve) => {
    setTimeout(resolve, ms);
  });

/** Whether asking again with the same key is right: nobody knows whether it happened, or nobody could take it. */
function worthRepeating(error: unknown): boolean {
  if (error instanceof Unreachable) return true;
  return error instanceof Refusal && ["outcome-unknown", "not-leader", "busy"].includes(error.code);
}

/**
 * A write with one idempotency key for all its tries, so that a lost answer never makes it happen twice. `key` lives
 * as long as the user's intention: pass the same one when the same form is sent again.
 */
export async function write<Data>(
  key: string,
  send: (key: string) => Promise<Answered<Data>>,
  pauses: readonly number[] = PAUSES_MS,
): Promise<Data> {
  for (let turn = 0; ; turn += 1) {
    try {
      return await valueOf(send(key));
    } catch (error) {
      if (!worthRepeating(error)) throw error;
      const wait = pauses[turn];
      if (wait === undefined) {
        throw error instanceof Refusal && error.code !== "outcome-unknown"
          ? error
          : new Unsure(String(error));
      }
      await pause(error instanceof Refusal && error.retryAfterS ? error.retryAfterS * 1000 : wait);
    }
  }
}

export function newKey(): string {
  return crypto.randomUUID();
}
