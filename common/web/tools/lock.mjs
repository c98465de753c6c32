// SPDX-License-Identifier: AGPL-3.0-or-later
//
// lock.mjs [--check]: package-lock.json as any npm from 9 on can install it, under any Node from 18 on.
//
// npm leaves out, without a word, an optional package whose `engines` don't fit the Node that npm itself runs on. Ours
// (the bundler's machine code) run on the Node that the lock file brings, so their `engines` are taken out. Run this
// after every `npm install`; `make web` checks it.
import fs from "node:fs";

const file = "package-lock.json";
const lock = JSON.parse(fs.readFileSync(file, "utf8"));
const wrong = Object.entries(lock.packages).filter(([, one]) => one.optional && one.engines);
const remote = Object.entries(lock.packages).filter(([, one]) => /^https?:/.test(one.resolved ?? ""));
if (process.argv.includes("--check")) {
  for (const [name] of wrong) console.error(`${file}: ${name} has engines; run common/web/tools/lock.mjs`);
  for (const [name] of remote) console.error(`${file}: ${name} names the registry it came from`);
  process.exit(wrong.length + remote.length ? 1 : 0);
}
for (const [, one] of wrong) delete one.engines;
for (const [, one] of remote) delete one.resolved;
fs.writeFileSync(file, `${JSON.stringify(lock, null, 2)}\n`);
