import { describe, expect, test } from "vitest";
import { NODES } from "../nodes/nodes.js";
import { FIXTURES, PRELOAD_CJS, PRELOAD_URL, type Run, runNode } from "./run-node.js";

const APP = `${FIXTURES}hooks/children.mjs`;
const reached = { cjs: true, esm: true };

/** What the started thread or process found marked; nothing when the preload did not run there. */
function childResults(run: Run): unknown[] {
  expect(run.stderr).toBe("");
  expect(run.code).toBe(0);
  return run.records.map((record) => record.results).filter((results) => Object.keys(results).length > 0);
}

for (const node of NODES) {
  describe.concurrent(`${node.name}, started by an app under the preload`, () => {
    test.for(["worker", "fork", "cluster", "fork, another working directory"])(
      "--import of a file URL reaches %s",
      async (kind) => {
        expect(childResults(await runNode(node.binary, ["--import", PRELOAD_URL, APP, kind]))).toEqual([reached]);
      },
    );

    test.for(["worker, execArgv: []", "fork, execArgv: []", "spawn"])("--import does not reach %s", async (kind) => {
      expect(childResults(await runNode(node.binary, ["--import", PRELOAD_URL, APP, kind]))).toEqual([]);
    });

    test.for(["worker", "fork, execArgv: []", "cluster", "spawn", "spawn, another working directory"])(
      "NODE_OPTIONS with a file URL reaches %s",
      async (kind) => {
        const run = await runNode(node.binary, [APP, kind], { NODE_OPTIONS: `--import=${PRELOAD_URL}` });
        expect(childResults(run)).toEqual([reached]);
      },
    );

    test("NODE_OPTIONS does not reach a process with an environment of its own", async () => {
      const run = await runNode(node.binary, [APP, "spawn, env: {}"], { NODE_OPTIONS: `--import=${PRELOAD_URL}` });
      expect(childResults(run)).toEqual([]);
    });

    test("--require and --import of the same preload hook once", async () => {
      const args = ["--no-warnings", "--require", PRELOAD_CJS, "--import", PRELOAD_URL, "./hooks/rows.mjs", "sub"];
      const run = await runNode(node.binary, args);
      expect(childResults(run)).toEqual([reached]);
      expect(run.threads.filter((thread) => thread.hooked)).toHaveLength(1);
      expect(run.records[0]?.marks).toBe(2);
    });

    test("Node's loader thread, where an inherited --require may run, is left alone", async () => {
      const args = ["--require", PRELOAD_CJS, "--import", "./hooks/bytes.mjs", "./hooks/rows.mjs", "sub"];
      const run = await runNode(node.binary, ["--no-warnings", ...args]);
      expect(childResults(run)).toEqual([reached]);
      expect(run.threads.filter((thread) => thread.hooked)).toHaveLength(1);
      expect(run.threads.find((thread) => thread.hooked)?.isMainThread).toBe(true);
    });
  });
}
