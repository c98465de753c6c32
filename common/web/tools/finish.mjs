// SPDX-License-Identifier: AGPL-3.0-or-later
//
// finish.mjs DIST BUDGET_KB: what is done to a built application before a daemon may serve it.
//
//   1. The script that the first page needs is held to its budget.
//   2. What the page policy would refuse is refused here: inline script or style, data: and remote addresses.
//   3. Everything that compresses is stored compressed (.gz, .br), so that the daemon only picks a file.
import fs from "node:fs";
import path from "node:path";
import zlib from "node:zlib";

const [dist, budgetKb] = process.argv.slice(2);
const problems = [];

function files(folder) {
  return fs
    .readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => path.join(entry.parentPath, entry.name));
}

/** The entry's file and everything that it imports statically. */
function initialScripts(manifest) {
  const wanted = new Set();
  const visit = (key) => {
    const chunk = manifest[key];
    if (!chunk || wanted.has(chunk.file)) return;
    wanted.add(chunk.file);
    for (const next of chunk.imports ?? []) visit(next);
  };
  for (const key of Object.keys(manifest)) if (manifest[key].isEntry) visit(key);
  return [...wanted];
}

const manifestPath = path.join(dist, ".vite/manifest.json");
const manifest = JSON.parse(fs.readFileSync(manifestPath, "utf8"));
fs.rmSync(path.dirname(manifestPath), { recursive: true });

const size = initialScripts(manifest)
  .map((name) => zlib.gzipSync(fs.readFileSync(path.join(dist, name)), { level: 9 }).length)
  .reduce((sum, one) => sum + one, 0);
const budget = Number(budgetKb) * 1000;
console.log(`  web: first load ${(size / 1000).toFixed(1)} kB of script, gzip (budget ${budgetKb} kB)`);
if (size > budget) problems.push(`the first load is ${size} bytes of script, over the budget of ${budget}`);

const html = fs.readFileSync(path.join(dist, "index.html"), "utf8");
if (/<script(?![^>]*\ssrc=)/i.test(html)) problems.push("index.html has an inline script");
if (/<style|\sstyle=/i.test(html)) problems.push("index.html has an inline style");
for (const file of files(dist).filter((name) => name.endsWith(".css"))) {
  const found = /url\(\s*["']?(data:|https?:|\/\/)/i.exec(fs.readFileSync(file, "utf8"));
  if (found) problems.push(`${path.basename(file)} refers to ${found[1]}, which the page policy refuses`);
}

for (const file of files(dist).filter((name) => /\.(html|js|css|svg|json|txt)$/.test(name))) {
  const bytes = fs.readFileSync(file);
  const brotli = { params: { [zlib.constants.BROTLI_PARAM_QUALITY]: 11 } };
  fs.writeFileSync(`${file}.gz`, zlib.gzipSync(bytes, { level: 9 }));
  fs.writeFileSync(`${file}.br`, zlib.brotliCompressSync(bytes, brotli));
}

for (const problem of problems) console.error(`finish.mjs: ${problem}`);
process.exit(problems.length ? 1 : 0);
