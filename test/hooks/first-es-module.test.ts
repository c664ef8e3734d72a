import { execFile } from "node:child_process";
import { channel } from "node:diagnostics_channel";
import { mkdir, mkdtemp, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { afterAll, beforeAll, expect, test } from "vitest";
import { synchronousHooksWork } from "../../dist/src/hooks/es-modules.js";
import { beforeFirstImport } from "../../dist/src/hooks/first-es-module.js";
import { NODES } from "../nodes/nodes.js";

const ROOT = fileURLToPath(new URL("../../", import.meta.url));
const REGISTER = join(ROOT, "dist/register.js");
/** On older ones a hook cannot come later. */
const NEWER = NODES.filter(({ version }) => synchronousHooksWork(version));

let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "flushguard-later-"));
  await mkdir(join(folder, "node_modules"));
  await symlink(join(ROOT, "node_modules/flagsmith-nodejs"), join(folder, "node_modules/flagsmith-nodejs"), "junction");
  await symlink(ROOT, join(folder, "node_modules/flushguard"), "junction");
});
afterAll(() => rm(folder, { recursive: true }));

/** Says what an ES module has of flagsmith-nodejs, whose two builds have classes of their own. */
const ES_MODULE = `import { AnalyticsProcessor } from "flagsmith-nodejs";
console.log("__original" in AnalyticsProcessor.prototype.flush ? "guarded" : "unguarded");
export const loaded = true;
`;
/** Says when the hooks go in: what makes footers is read with them. */
const TELLS_OF_HOOKS = `const fs = require("node:fs");
const { readFileSync } = fs;
fs.readFileSync = (path, ...rest) => {
  if (String(path).includes("hooks-footer")) console.log("hooks");
  return readFileSync(path, ...rest);
};
`;
const APPS: [name: string, files: Record<string, string>, flags?: string[]][] = [
  ["an ES module as the app", { "app.mjs": ES_MODULE }],
  ["one that only re-exports", { "app.mjs": 'export * from "./later.mjs";', "later.mjs": ES_MODULE }],
  ["import() in CommonJS", { "app.cjs": 'import("./later.mjs");', "later.mjs": ES_MODULE }],
  [
    "import() in what CommonJS requires",
    { "app.cjs": 'require("./part.cjs");', "part.cjs": 'import("./later.mjs");', "later.mjs": ES_MODULE },
  ],
  ["import() in a text", { "app.cjs": `new Function("return imp" + "ort('./later.mjs')")();`, "later.mjs": ES_MODULE }],
  [
    "import() in a script of node:vm",
    {
      "app.cjs": `const vm = require("node:vm");
vm.runInThisContext("imp" + "ort('./later.mjs')", { filename: __filename, importModuleDynamically: vm.constants.USE_MAIN_CONTEXT_DEFAULT_LOADER });`,
      "later.mjs": ES_MODULE,
    },
  ],
  ["an ES module that is required", { "app.cjs": 'require("./later.mjs");', "later.mjs": ES_MODULE }],
  ["one that its package does not tell", { "app.cjs": 'require("./later.js");', "later.js": ES_MODULE }],
  ["an app that its package does not tell", { "app.js": ES_MODULE }],
  ["an app in TypeScript", { "app.mts": ES_MODULE }],
  [
    "a worker thread",
    {
      "app.cjs": 'new (require("node:worker_threads").Worker)(require("node:path").join(__dirname, "later.mjs"));',
      "later.mjs": ES_MODULE,
    },
  ],
  ["another preload", { "app.cjs": "", "other.mjs": ES_MODULE }, ["--import", "./other.mjs"]],
  ["a text", {}, ["--input-type=module", "--eval", ES_MODULE]],
  ["a text that is CommonJS", { "later.mjs": ES_MODULE }, ["--eval", "import('./later.mjs')"]],
];

for (const { name, binary, version } of NEWER) {
  test(`${name}: CommonJS of which its package tells nothing has them wait on`, async () => {
    const cwd = join(folder, `${name}-waits`.replaceAll(/\W+/g, "-"));
    await mkdir(cwd);
    await Promise.all([
      writeFile(
        join(cwd, "app.cjs"),
        `${TELLS_OF_HOOKS}require("./part.js");console.log("part");require("./later.js");`,
      ),
      writeFile(join(cwd, "part.js"), "exports.imported = require('node:fs');"),
      writeFile(join(cwd, "later.js"), "export const loaded = true;"),
    ]);
    expect(await outputOf(binary, ["--import", REGISTER, "app.cjs"], cwd)).toBe("part\nhooks\n");
  });

  test.each(APPS)(`${name}: %s`, async (title, files, flags = []) => {
    const cwd = join(folder, `${name}-${title}`.replaceAll(/\W+/g, "-"));
    await mkdir(cwd);
    await Promise.all(Object.entries(files).map(([file, text]) => writeFile(join(cwd, file), text)));
    const app = Object.keys(files).filter((file) => file.startsWith("app."));
    for (const preload of version.startsWith("24.") ? ["--import", "--require"] : ["--import"]) {
      const args = [preload, preload === "--import" ? REGISTER : REGISTER.replace(/js$/, "cjs"), ...flags, ...app];
      expect(await outputOf(binary, args, cwd), preload).toBe("guarded\n");
    }
  });
}

function outputOf(binary: string, args: readonly string[], cwd: string): Promise<string> {
  return new Promise((resolve) => {
    const { NODE_OPTIONS: _, ...env } = process.env;
    execFile(binary, args, { cwd, env: { ...env, FLUSHGUARD_LOG: "warn" } }, (error, stdout, stderr) =>
      resolve(stdout + (error === null ? "" : stderr)),
    );
  });
}

const IMPORT = channel("tracing:module.import:start");

test.each([
  ["node:fs", "file:///app.cjs", 0],
  ["file:///app.cjs", undefined, 0],
  [new URL("file:///app.cjs"), undefined, 0],
  ["file:///app.mjs", undefined, 1],
  ["file:///not-there.js", undefined, 1],
  ["./part.cjs", "file:///app.cjs", 1],
  ["hot-shots", "file:///app.cjs", 1],
  ["data:text/javascript,0", undefined, 1],
])("of %s from %s", (url, parentURL, expected) => {
  let times = 0;
  const stop = beforeFirstImport(() => times++);
  IMPORT.publish({ url, parentURL });
  stop();
  IMPORT.publish({ url, parentURL });
  expect(times).toBe(expected);
});

test("an app in a .js file is what its source says", async () => {
  const seen: string[] = [];
  const url = pathToFileURL(join(folder, "app.js"));
  const stop = beforeFirstImport(() => seen.push("an import"));
  await writeFile(url, "exports.a = require('node:fs');");
  IMPORT.publish({ url });
  expect(seen).toEqual([]);
  await writeFile(url, 'export * from "node:fs";');
  IMPORT.publish({ url });
  expect(seen).toEqual(["an import"]);
  stop();
});
