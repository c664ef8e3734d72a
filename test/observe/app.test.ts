import { fileURLToPath } from "node:url";
import { describe, expect, test } from "vitest";
import { REGISTER, runApp, told } from "../patch/run-app.js";
import { loadedBy } from "../preload/loaded-scripts.js";

const cwd = fileURLToPath(new URL("../fixtures/observe/", import.meta.url));
const observe = { FLUSHGUARD: "observe" };
const SUMMARY = "flushguard: observed, nothing was changed: Metrics: lost update 2, double send 1";

/** What the app can see of its client, observed or not. */
const RESULTS = {
  isThis: true,
  fields: ["bucket"],
  json: '{"bucket":{"a":1,"b":2}}',
  bucket: {},
  field: { value: {}, writable: true, enumerable: true, configurable: true },
  isSamePromise: true,
  now: "now",
  returned: 7,
  later: "value",
  thrown: "TypeError",
};

describe("an app under FLUSHGUARD=observe", () => {
  test("sees nothing of it, and is told what it loses and repeats", async () => {
    const plain = await told(["app.mjs"], { cwd, node: [], env: { FLUSHGUARD: "off" } });
    expect(plain).toMatchObject({ observed: false, mode: "off", results: RESULTS });
    const run = await told(["app.mjs"], { cwd, env: observe });
    expect(run).toMatchObject({
      guarded: false,
      reason: "FLUSHGUARD is observe",
      observed: true,
      mode: "observe",
      results: RESULTS,
      restored: true,
      again: true,
      restoredAtLast: true,
    });
    expect(run).toHaveProperty("seen", { "double send": 1, "lost update": 2 });
  });

  test.each(["error", "warn"])("has one line at exit at the level %s", async (level) => {
    const run = await runApp(["app.mjs"], { cwd, env: { ...observe, FLUSHGUARD_LOG: level } });
    expect(run.stderr).toBe(`${SUMMARY}\n`);
  });

  test("has a line for each hazard too at the level info", async () => {
    const run = await runApp(["app.mjs"], { cwd, env: { ...observe, FLUSHGUARD_LOG: "info" } });
    const lines = run.stderr.trim().split("\n");
    const started = /^flushguard: observing, \d+ clients known$/;
    expect(lines[0]).toMatch(started);
    expect(lines.filter((line) => !started.test(line))).toEqual([
      "flushguard: Metrics: lost update: 2 recorded during a flush and thrown away with what that had sent",
      "flushguard: Metrics: double send: 1 sent again by an overlapping flush",
      SUMMARY,
    ]);
  });

  test("has none at the level silent", async () => {
    const run = await runApp(["app.mjs"], { cwd, env: { ...observe, FLUSHGUARD_LOG: "silent" } });
    expect(run.stderr).toBe("");
  });

  test("has none where nothing is seen, and keeps no instance", async () => {
    const node = ["--expose-gc", "--import", REGISTER.href];
    const run = await told<{ kept: number }>(["idle.mjs"], { cwd, env: observe, node });
    expect(run).toMatchObject({ seen: {}, errors: 0, stderr: "" });
    // The last one may still be on the stack.
    expect(run.kept).toBeLessThanOrEqual(2);
  });

  test.each(["async", "compiled", "declared"])(
    "ends as it does without it when nobody handles the rejection of a flush: %s",
    async (written) => {
      const plain = await runApp(["reject.mjs", written], { cwd, node: [], env: { FLUSHGUARD: "off" } });
      const run = await runApp(["reject.mjs", written], { cwd, env: observe });
      expect(plain.code).toBe(1);
      expect(run).toMatchObject({ code: 1, stdout: plain.stdout });
      expect(run.stderr).toContain("nobody handles this");
    },
  );
});

test("what is recorded before a flush reads the buffer is not taken for lost", async () => {
  const run = await told(["late-environment.mjs"], { cwd, env: observe });
  expect(run).toMatchObject({ sent: 15, seen: { "lost update": 3 } });
});

test("observers and metrics are loaded only where they are asked for", async () => {
  const onDemand = /^src\/(?:observe|telemetry\/metrics)\//;
  const target = { module: "patch-export", export: "Metrics", record: ["count"], flush: ["flush"] };
  const guarded = await loadedBy(["reach.cjs", "export"], { targets: [target] });
  expect(guarded.sources).toContain("src/guard/engine.ts");
  expect(guarded.sources.filter((source) => onDemand.test(source) && source !== "src/observe/seen.ts")).toEqual([]);
  const observed = await loadedBy(["reach.cjs", "export"], { targets: [target], env: observe });
  expect(observed.sources).toContain("src/observe/wrappers.ts");
  expect(observed.sources).not.toContain("src/guard/engine.ts");
  const measured = await loadedBy(["nothing.cjs"], { env: { FLUSHGUARD_METRICS: "on" } });
  expect(measured.sources).toContain("src/telemetry/metrics/index.ts");
});
