import { describe, expect, test } from "vitest";
import { EXACT, reportOf, told, WRONG } from "./run-app.js";

const ROLES = { record: ["count"], flush: ["flush"] };

/** What users write to reach a client, by its shape. */
const SHAPES: Record<string, { module: string; export?: string; file?: string; factory?: string; part?: string }[]> = {
  export: [{ module: "patch-export", export: "Metrics" }],
  module: [{ module: "patch-module" }],
  default: [{ module: "patch-default" }, { module: "patch-default", export: "default" }],
  dotted: [{ module: "patch-dotted", export: "api.clients.Metrics" }],
  internal: [
    { module: "patch-internal", file: "lib/metrics.{cjs,mjs}", export: "Metrics" },
    { module: "patch-internal", file: "./lib/*", export: "Metrics" },
    { module: "patch-internal", export: "Metrics" },
  ],
  factory: [{ module: "patch-factory", factory: "create" }],

  connect: [{ module: "patch-factory", factory: "connect" }],
  part: [{ module: "patch-factory", factory: "open", part: "client.metrics" }],
  method: [{ module: "patch-method", factory: "Registry#metrics" }],
  bound: [{ module: "patch-bound", factory: "bound" }],
  fields: [{ module: "patch-bound", factory: "fields" }],
  // Called on something else, as listeners and destructured methods are.
  listener: [{ module: "patch-bound" }],
  functions: [{ module: "patch-functions" }],
};

interface Race {
  recorded: number;
  delivered: number;
}

describe.each(Object.entries(SHAPES))("a class reached as %s", (shape, targets) => {
  describe.each(["cjs", "mjs"])("in an app.%s", (extension) => {
    test("loses and repeats unguarded", async () => {
      expect(await told([`reach.${extension}`, shape], { node: [] })).toMatchObject(WRONG);
    });

    describe.each(targets)("guarded by %o", (target) => {
      test.each([
        ["held", {}],
        ["swapped", { buffers: { bucket: "sum" } }],
      ])("delivers what was recorded, %s", async (strategy, buffers) => {
        const factory = shape === "listener" ? { factory: extension === "cjs" ? "bound" : "fields" } : {};
        const targets = [{ ...target, ...factory, ...ROLES, ...buffers }];
        const run = await told<Race>([`reach.${extension}`, shape], { targets });
        // Its buffer is in a variable of the module.
        const isModule = target.module === "patch-functions";
        const nowhere = `flushguard: ${target.module}: buffers: it has no "bucket"; its record calls wait while a flush runs\n`;
        expect(run.stderr).toBe(isModule && strategy === "swapped" ? nowhere : "");
        expect(run).toMatchObject(EXACT);
        const { held, replayed } = reportOf(run, target.module)?.counters ?? {};
        expect({ held, replayed }).toEqual(
          strategy === "held" || isModule ? { held: 50, replayed: 50 } : { held: 0, replayed: 0 },
        );
      });
    });
  });
});

describe("the functions of an ES module", () => {
  const target = { module: "patch-functions", ...ROLES };

  test("are themselves again while the guard is off", async () => {
    const run = await told(["functions.mjs"], { targets: [target] });
    expect(run.stderr).toBe("");
    expect(run).toMatchObject({ guarded: EXACT, off: WRONG, again: EXACT, restored: true });
    expect(run).toMatchObject({ shape: ["count", 1, "count", 1] });
  });

  test("are left as they are where one is a constant: one warn line", async () => {
    const run = await told(["reach.mjs", "functions"], { targets: [{ ...target, flush: ["flush", "drain"] }] });
    expect(run.stderr).toBe('flushguard: patch-functions 1.0.0 is left as it is: in index.mjs, "drain" is frozen\n');
    expect(run).toMatchObject(WRONG);
  });
});

test("a target of one's own for a class inside a bundle: its version is the one that the bundle carries, its file is not looked for", async () => {
  const target = { module: "in-a-bundle", versions: "^1.1", export: "Metrics", file: "lib/metrics.cjs", ...ROLES };
  expect(await told(["in-a-bundle.cjs"], { node: [] })).toMatchObject(WRONG);
  const run = await told<Race>(["in-a-bundle.cjs"], { targets: [target] });
  expect(run).toMatchObject(EXACT);
  expect(reportOf(run, "in-a-bundle")).toMatchObject({ found: [{ version: "1.2.0", patched: [target.file] }] });
  expect(run.stderr).not.toContain("left as it is");
});
