// SPDX-License-Identifier: AGPL-3.0-or-later
//
// Cases that run one after another on the same daemons and end with the line that `make test` reads.

const LIMIT_MS = 120_000;
const cases = [];

export function scenario(what, body) {
  cases.push({ what, body });
}

export function check(good, what) {
  if (!good) throw new Error(what);
}

export async function until(what, condition, limitMs = 30_000) {
  for (
    const end = Date.now() + limitMs;
    Date.now() < end;
    await new Promise((resolve) => setTimeout(resolve, 100))
  ) {
    if (await condition()) return;
  }
  throw new Error(`not within ${limitMs / 1000} s: ${what}`);
}

/** Runs them in order. Each stands on those before, so the first that fails is the last; `onFailure` may take a picture. */
export async function runAll(onFailure) {
  let [passed, failed] = [0, 0];
  for (const { what, body } of cases) {
    const began = Date.now();
    let timer;
    const limit = new Promise((_, reject) => {
      timer = setTimeout(() => reject(new Error(`took longer than ${LIMIT_MS / 1000} s`)), LIMIT_MS);
    });
    try {
      await Promise.race([body(), limit]);
      passed += 1;
      console.log(`ok      ${what} (${((Date.now() - began) / 1000).toFixed(1)} s)`);
    } catch (error) {
      failed += 1;
      console.log(`FAILED  ${what}\n        ${String(error.stack ?? error).replaceAll("\n", "\n        ")}`);
      await onFailure(what).catch(() => undefined);
      break;
    } finally {
      clearTimeout(timer);
    }
  }
  console.log(`${passed} passed, ${failed} failed`);
  return failed === 0 ? 0 : 1;
}
