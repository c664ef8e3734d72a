import { describe, expect, test } from "vitest";
import { NODES, OLDEST_22 } from "../nodes/nodes.js";
import { PRELOAD_CJS, PRELOAD_URL, type Run, runNode } from "./run-node.js";

const marked = { Metrics: true, Internal: true, dual: true, Client: true };
const COMMONJS = "hook-cjs hook-dual @hook-scope/client";
const preloads = { "--import": PRELOAD_URL, "--require": PRELOAD_CJS };

/** What a `.cts` file got, in whatever thread it ran. */
function results(run: Run): unknown {
  if (run.code !== 0) throw new Error(run.stderr);
  return run.records.map((record) => record.results).find((told) => Object.keys(told).length > 0);
}

const stripping = [
  ...NODES.filter(({ version }) => Number.parseInt(version, 10) >= 22),
  { name: `Node ${OLDEST_22.version}`, ...OLDEST_22 },
];

for (const node of stripping) {
  const flags = ["--no-warnings", "--experimental-strip-types"];

  describe.concurrent(`${node.name}, a .cts file that requires`, () => {
    const rows = ["typed.cts", "import-typed.mjs", "typed-worker.mjs"].flatMap((app) =>
      Object.entries(preloads).map((preload) => [app, ...preload] as const),
    );
    test.for(rows)("%s, %s", async ([app, option, preload]) => {
      const run = await runNode(node.binary, [...flags, option, preload, `./hooks/${app}`]);
      expect(results(run)).toEqual({ atOnce: marked, later: marked });
      expect(run.stderr).toBe("");
    });

    test.for(["typed.cts", "typed-worker.mjs"])("%s, where no package has ES modules", async (app) => {
      const run = await runNode(node.binary, [...flags, "--import", PRELOAD_URL, `./hooks/${app}`], {
        HOOKS_MODULES: COMMONJS,
      });
      expect(results(run)).toEqual({ atOnce: marked, later: marked });
    });
  });
}

test("an old Node that imports one without a loader thread: reported late, and one line says so", async () => {
  const flags = ["--no-warnings", "--experimental-strip-types", "--import", PRELOAD_URL];
  const run = await runNode(OLDEST_22.binary, [...flags, "./hooks/import-typed.mjs"], { HOOKS_MODULES: "hook-cjs" });
  const unmarked = { Metrics: false, Internal: false, dual: false, Client: false };
  expect(results(run)).toEqual({ atOnce: unmarked, later: { ...unmarked, Metrics: true, Internal: true } });
  expect(run.stderr).toBe(
    "flushguard: hook-cjs was loaded past the hooks, by an imported .cts file or a loader that hands out sources: what it did " +
      "before is not guarded. Use Node 22.22.3, 24.11.1 or later\n",
  );
});
