// SPDX-License-Identifier: AGPL-3.0-or-later
//
// tsconfig.mjs DAEMON GENERATED: the application's tsconfig.json with the folder of generated types that this build
// uses. (BUILD may point anywhere, and tsconfig files have no variables.)
import path from "node:path";

const [daemon, generated] = process.argv.slice(2);
const source = path.resolve(daemon, "web");
const config = {
  extends: path.join(source, "tsconfig.json"),
  compilerOptions: { paths: { [`#${daemon}-api`]: [path.join(generated, `${daemon}-api.d.ts`)] } },
  include: [path.join(source, "src"), path.resolve("common/web/src")],
};
process.stdout.write(`${JSON.stringify(config, null, 2)}\n`);
