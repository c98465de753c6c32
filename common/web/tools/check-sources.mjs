// SPDX-License-Identifier: AGPL-3.0-or-later
//
// check-sources.mjs KIT APPLICATION: the rules for web sources that TypeScript doesn't know.
//
//   * Imports point one way: lib <- api, i18n, hooks, components <- features <- app; a feature imports no other feature.
//   * Every message is in every language with the same arguments, and every message is used somewhere.
//   * Styles use logical directions, so that pages mirror for right-to-left languages.
import fs from "node:fs";
import path from "node:path";

const roots = process.argv.slice(2);
const problems = [];
const LEVEL = { styles: 0, lib: 0, i18n: 1, api: 1, hooks: 2, components: 3, features: 4, app: 5 };

function files(folder, pattern) {
  return fs
    .readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && pattern.test(entry.name))
    .map((entry) => path.join(entry.parentPath, entry.name));
}

function checkImports(root, file) {
  const place = path.relative(root, file).split(path.sep);
  const source = fs.readFileSync(file, "utf8");
  for (const [, target] of source.matchAll(/(?:from|import)\s*\(?\s*"(\.[^"]+)"/g)) {
    const to = path.relative(root, path.resolve(path.dirname(file), target)).split(path.sep);
    const [from, into] = [LEVEL[place[0]] ?? 6, LEVEL[to[0]] ?? 6];
    if (into > from) problems.push(`${file}: ${place[0]}/ may not import ${to[0]}/`);
    if (place[0] === "features" && to[0] === "features" && place[1] !== to[1]) {
      problems.push(`${file}: feature ${place[1]} may not import feature ${to[1]}`);
    }
  }
}

/** The names of the arguments of an ICU message. Plural branches count once. */
function messageArguments(text) {
  return [...new Set([...text.matchAll(/\{\s*([a-z][A-Za-z0-9]*)\s*[,}]/g)].map((match) => match[1]))].sort();
}

function checkLanguages(root, sources) {
  const folder = path.join(root, "i18n");
  if (!fs.existsSync(folder)) return;
  const languages = files(folder, /\.json$/).map((file) => ({
    file,
    messages: JSON.parse(fs.readFileSync(file)),
  }));
  const english = languages.find(({ file }) => path.basename(file) === "en.json");
  if (!english) return;
  for (const [id, text] of Object.entries(english.messages)) {
    for (const { file, messages } of languages) {
      if (messages[id] === undefined) problems.push(`${file}: no message "${id}"`);
      else if (`${messageArguments(messages[id])}` !== `${messageArguments(text)}`) {
        problems.push(`${file}: "${id}" has other arguments than in English`);
      }
    }
    const family = id.replace(/\.[^.]+$/, ".");
    if (!sources.includes(`"${id}"`) && !sources.includes(`\`${family}\${`)) {
      problems.push(`${english.file}: "${id}" is not used`);
    }
  }
  for (const { file, messages } of languages) {
    for (const id of Object.keys(messages)) {
      if (english.messages[id] === undefined) problems.push(`${file}: "${id}" is not in English`);
    }
  }
}

const PHYSICAL =
  /^\s*(?:(?:margin|padding|border)-(?:left|right)|left|right|float|text-align:\s*(?:left|right))\s*:?/;

const all = roots
  .flatMap((root) => files(root, /\.tsx?$/))
  .map((file) => fs.readFileSync(file, "utf8"))
  .join("\n");
for (const root of roots) {
  for (const file of files(root, /(?<!\.test)\.tsx?$/)) checkImports(root, file);
  for (const file of files(root, /\.css$/)) {
    fs.readFileSync(file, "utf8")
      .split("\n")
      .forEach((line, index) => {
        if (PHYSICAL.test(line))
          problems.push(`${file}:${index + 1}: use a logical direction: ${line.trim()}`);
      });
  }
  checkLanguages(root, all);
}
for (const problem of problems) console.error(problem);
process.exit(problems.length ? 1 : 0);
