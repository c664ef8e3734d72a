/**
 * prom-client's own tests without the guard and with it, and which of them differ.
 *
 *     node test/multiprocess/runs/upstream.mjs folder-of-a-checkout-of-prom-client
 */
import { execFile } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { print } from "../../bench/lib/print.mjs";
import { installed } from "../../matrix/lib/install.mjs";
import { temporaryFolder } from "../lib/run.mjs";

const TOOLS = {
  module: "jest-environment-node-single-context",
  version: "29.4.0",
  companions: { jest: "29.7.0", nock: "13.5.6", express: "4.22.1", tdigest: "0.1.2", "@opentelemetry/api": "1.9.0" },
};

const [folder] = process.argv.slice(2);
if (folder === undefined) {
  console.error("upstream: found no folder, expected that of a checkout of prom-client");
  process.exit(2);
}
const rootDir = resolve(folder);
const modules = join(await installed(TOOLS), "node_modules");
const here = (/** @type {string} */ file) => fileURLToPath(new URL(`../lib/upstream/${file}`, import.meta.url));
const temporary = temporaryFolder();
const config = join(temporary, "jest.config.json");
writeFileSync(
  config,
  JSON.stringify({
    rootDir,
    modulePaths: [modules],
    testEnvironment: here("environment.cjs"),
    testRegex: [".*Test\\.js$"],
    transform: { "\\.js$": here("transform.cjs") },
  }),
);

/**
 * @param {boolean} guarded
 * @returns {Promise<Map<string, string>>} what became of each test
 */
async function results(guarded) {
  const output = join(temporary, `${guarded}.json`);
  const args = ["--experimental-vm-modules", join(modules, "jest/bin/jest.js"), "-c", config, "-w", "1", "--json"];
  const env = { ...process.env, NODE_PATH: modules, ...(guarded && { UPSTREAM_GUARDED: rootDir }) };
  await new Promise((done) => {
    execFile(process.execPath, [...args, `--outputFile=${output}`], { cwd: rootDir, env, maxBuffer: 2 ** 28 }, done);
  });
  const tests = new Map();
  for (const { assertionResults } of JSON.parse(readFileSync(output, "utf8")).testResults) {
    for (const { fullName, status } of assertionResults) tests.set(fullName, status);
  }
  return tests;
}

const plain = await results(false);
const guarded = await results(true);
const passed = (/** @type {Map<string, string>} */ tests) => [...tests.values()].filter((s) => s === "passed").length;
const differing = [...plain].filter(([name, status]) => guarded.get(name) !== status).map(([name]) => name);
print(
  "prom-client's own tests",
  ["", "tests", "passed"],
  [
    ["plain", String(plain.size), String(passed(plain))],
    ["guarded", String(guarded.size), String(passed(guarded))],
  ],
);
console.log(differing.length === 0 ? "none differs" : differing.map((name) => `differs: ${name}`).join("\n"));
