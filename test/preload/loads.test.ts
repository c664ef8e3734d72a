import { fileURLToPath } from "node:url";
import { describe, expect, test } from "vitest";
import { NODES } from "../nodes/nodes.js";
import { runApp, told, WRONG } from "../patch/run-app.js";
import { loadedBy } from "./loaded-scripts.js";

const REGISTER_CJS = fileURLToPath(new URL("../../dist/register.cjs", import.meta.url));
const METRICS = { module: "patch-export", export: "Metrics", record: ["count"], flush: ["flush"] };

/** What asks whether there is anything to do, for `--import`. */
const DOOR = ["register.js"];
/** Where a client with ES modules is installed and Node is too old to hook them in this thread. */
const OLDER = "hooks-loader-thread.cjs";
/** What only flushes, sends and closes need. */
const FLUSHES = "guard-in-flight.cjs";
/** Where in our sources what a preload of its own loads may be from. What commands, proofs and clients need is none of it. */
const ALLOWED =
  /^src\/(?:[\w-]+|(?:config|hooks|packages|telemetry|unreached)\/[\w-]+|targets\/list)\.ts$|^require-in-the-middle\/|^module-details-from-path\//;
const NEVER = /^src\/(?:cli|scan|report|proofs|export-patch|guard|patch|observe|multiprocess|telemetry\/metrics)\//;

describe("what a preload without any target installed loads", () => {
  test("is one file of at most 2,200 lines behind the one that asks whether it is wanted", async () => {
    const { scripts, sources, lines, code, stderr } = await loadedBy(["nothing.cjs"]);
    console.log(`--import flushguard/register: ${scripts.join(", ")}, ${lines} lines, of ${sources.length} sources`);
    expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
    expect(scripts.filter((script) => script !== OLDER)).toEqual(["preload.cjs", ...DOOR]);
    expect(lines).toBeLessThanOrEqual(2200);
    expect(sources).toEqual(expect.arrayContaining(["src/preload.ts", "src/runtime.ts", "src/targets/list.ts"]));
    expect(sources).toContain("require-in-the-middle/index.js");
    expect(sources.filter((source) => NEVER.test(source) || !ALLOWED.test(source))).toEqual([]);
  });

  test("grows when a target is loaded, by what that target needs", async () => {
    const unversioned = await loadedBy(["reach.cjs", "export"], { targets: [METRICS] });
    expect(unversioned.code).toBe(0);
    expect(unversioned.sources).toEqual(expect.arrayContaining(["src/patch/patcher.ts", "shimmer/index.js"]));
    expect(
      unversioned.sources.filter((source) => /^src\/(?:cli|scan|report|proofs|export-patch)\//.test(source)),
    ).toEqual([]);
    const inTargets = unversioned.sources.filter((source) => source.startsWith("src/targets/"));
    expect(inTargets).toEqual(["src/targets/list.ts"]);
    expect(unversioned.scripts.filter((script) => script.startsWith("semver/"))).toEqual([]);
    expect(unversioned.scripts).not.toContain("picomatch.cjs");
    expect(unversioned.scripts).toContain(FLUSHES);
    const versioned = await loadedBy(["reach.cjs", "export"], {
      targets: [{ ...METRICS, versions: "^1", file: "*.cjs" }],
    });
    expect(versioned.scripts).toEqual(expect.arrayContaining(["semver/functions/satisfies.js", "picomatch.cjs"]));
  });
});

test("what flushes need is loaded by the first flush", async () => {
  const run = await loadedBy(["-e", "const { Metrics } = require('patch-export'); new Metrics({}).count('a', 1)"], {
    targets: [METRICS],
  });
  expect(run).toMatchObject({ code: 0, stderr: "" });
  expect(run.scripts).toContain("guard-engine.cjs");
  expect(run.scripts).not.toContain(FLUSHES);
});

test("what declares a client is asked for once, however many files the client has", async () => {
  const follow =
    "let asked = 0; require('diagnostics_channel').subscribe('tracing:module.require:start', " +
    "({ id }) => { if (/targets/.test(id)) asked++; });";
  const { binary } = NODES.find(({ name }) => name === "Node 24") ?? {};
  const code = `${follow} require('flagsmith-nodejs'); console.log(asked);`;
  const cwd = fileURLToPath(new URL("../../", import.meta.url));
  const run = await runApp(["-e", code], { cwd, ...(binary && { binary }) });
  expect(run).toEqual({ code: 0, stdout: "1\n", stderr: "" });
});

describe("FLUSHGUARD=off", () => {
  test.each(["off", "0", "false", "no", "OFF", " No "])("%j loads the check and nothing else", async (value) => {
    const env = { FLUSHGUARD: value };
    const imported = await loadedBy(["nothing.cjs"], { env });
    expect(imported).toMatchObject({ code: 0, stdout: "", stderr: "" });
    expect(imported.scripts).toEqual(DOOR);
    const check = ["config/switch", "log", "reason-of", "register", "start-failed", "worker"];
    expect(imported.sources).toEqual(check.map((name) => `src/${name}.ts`));
    const required = await loadedBy(["nothing.cjs"], { env, node: ["--require", REGISTER_CJS] });
    expect(required.scripts).toEqual(["register.cjs"]);
  });

  test.each([undefined, "", "on", "1", "yes"])("%j does not", async (value) => {
    const { scripts } = await loadedBy(["nothing.cjs"], { env: { FLUSHGUARD: value, FLUSHGUARD_LOG: "silent" } });
    expect(scripts).toContain("preload.cjs");
  });

  test("is heard by the API too: nothing is hooked or guarded, and the handle says why", async () => {
    const run = await told(["switched-off.mjs"], { node: [], env: { FLUSHGUARD: "off" } });
    expect(run).toMatchObject({ ...WRONG, guarded: false, reason: "FLUSHGUARD is off", same: true, stderr: "" });
    expect(run.status.enabled).toBe(false);
  });
});

test("after disable() nothing is guarded either", async () => {
  const run = await told(["switched-off.mjs", "disable"], { node: [] });
  expect(run).toMatchObject({ ...WRONG, guarded: false, reason: "the guard is disabled", same: true, stderr: "" });
});
