import { describe, expect, test } from "vitest";
import { EXACT, reportOf, runApp, told, WRONG } from "./run-app.js";

const ROLES = { record: ["count"], flush: ["flush"] };
const METRICS = { module: "patch-export", export: "Metrics", ...ROLES };

interface Race {
  recorded: number;
  delivered: number;
}

describe("both copies of a dual package", () => {
  test("lose and repeat unguarded", async () => {
    const run = await told(["copies.mjs"], { node: [] });
    expect(run).toMatchObject({ same: false, required: WRONG, imported: WRONG });
  });

  test("are guarded, each by itself", async () => {
    const run = await told(["copies.mjs"], { targets: [METRICS] });
    expect(run).toMatchObject({ same: false, required: EXACT, imported: EXACT });
    expect(reportOf(run, "patch-export")?.found).toMatchObject([{ patched: ["index.mjs", "index.cjs"], reasons: [] }]);
    expect(reportOf(run, "patch-export")?.counters).toMatchObject({ held: 100, replayed: 100 });
  });
});

describe("two nested versions", () => {
  const one = { module: "patch-versioned", versions: "^1", export: "Metrics", ...ROLES };
  const two = { module: "patch-versioned", versions: ">=2 <3", export: "Client" };
  const twoRoles = { record: ["increment"], flush: ["publish"] };

  test("lose and repeat unguarded", async () => {
    expect(await told(["nested.cjs"], { node: [] })).toMatchObject({ one: WRONG, two: WRONG });
  });

  test("are guarded, each by the target of its version", async () => {
    const run = await told(["nested.cjs"], { targets: [one, { ...two, ...twoRoles }] });
    // They are in folders of their own, out of sight from where the app starts.
    expect(run.stderr).toBe(
      'flushguard: targets: found module "patch-versioned", expected a package that is installed; only copies inside other packages are guarded\n',
    );
    expect(run).toMatchObject({ one: EXACT, two: EXACT });
    const found = reportOf(run, "patch-versioned")?.found ?? [];
    expect(found.map(({ version, patched }) => ({ version, patched }))).toEqual([
      { version: "1.4.0", patched: ["index.js"] },
      { version: "2.4.0", patched: ["index.js"] },
    ]);
  });

  test("are guarded or left alone, each for itself", async () => {
    const run = await told(["nested.cjs"], { targets: [{ ...two, ...twoRoles }] });
    expect(run).toMatchObject({ one: WRONG, two: EXACT });
  });
});

describe("from an app's own code", () => {
  test.each([
    "late",
    "late target",
    "target, then import",
    "late factory",
    "guard a class",
    "guard an instance",
    "guard in a bundle",
  ])("%s", async (way) => {
    expect(await told(["in-code.mjs", way, "unguarded"], { node: [] })).toMatchObject(WRONG);
    const run = await told<Race>(["in-code.mjs", way], { node: [] });
    expect(run.stderr).toBe("");
    expect(run).toMatchObject(EXACT);
  });
});

describe("a user's target for a built-in module", () => {
  const target = {
    module: "aws-embedded-metrics",
    file: "lib/logger/MetricsLogger.js",
    export: "MetricsLogger",
    record: ["putMetric"],
    flush: ["flush"],
  };

  test("takes the place of the built-in one", async () => {
    // Its flush begins to read in a later turn, so it takes the 50 along.
    expect(await told(["aws.cjs"], { node: [] })).toMatchObject({ recorded: 160, delivered: 170 });
    const builtIn = await told(["aws.cjs"]);
    expect(builtIn).toMatchObject(EXACT);
    expect(reportOf(builtIn, target.module)?.counters).toMatchObject({ held: 0 });
    const own = await told(["aws.cjs"], { targets: [target] });
    expect(own).toMatchObject(EXACT);
    expect(reportOf(own, target.module)?.counters).toMatchObject({ held: 50, replayed: 50 });
    expect(reportOf(own, target.module)?.found).toMatchObject([{ patched: ["lib/logger/MetricsLogger.js"] }]);
  });
});

describe("a factory that is a module's default export", () => {
  const target = { module: "patch-function", factory: "default", ...ROLES };

  test("is watched in CommonJS, where it can be replaced", async () => {
    expect(await told(["reach.cjs", "function"], { node: [] })).toMatchObject(WRONG);
    expect(await told(["reach.cjs", "function"], { targets: [target] })).toMatchObject({ ...EXACT, stderr: "" });
  });

  test("is left alone in an ES module, where it cannot, and one line says so", async () => {
    const run = await runApp(["reach.mjs", "function"], { targets: [target] });
    expect(JSON.parse(run.stdout)).toMatchObject(WRONG);
    expect(run.stderr).toBe(
      'flushguard: patch-function 1.0.0 is left as it is: in index.mjs, "default" cannot be replaced\n',
    );
  });
});
