import { describe, expect, test } from "vitest";
import { synchronousHooksWork } from "../../dist/src/hooks/es-modules.js";
import { NODES } from "../nodes/nodes.js";
import { FIXTURES, PRELOAD_URL, runNode } from "./run-node.js";

for (const node of NODES) {
  const isSeen = synchronousHooksWork(node.version);

  describe(`${node.name}, an ES module that is required and imports a package`, () => {
    const run = async (...args: string[]) => {
      const flags = ["--no-warnings", "--import", PRELOAD_URL, "./hooks/requires-importer.cjs", ...args];
      const { stderr, records } = await runNode(node.binary, flags);
      return { stderr, Metrics: records[0]?.results.Metrics };
    };

    test(`${isSeen ? "is seen" : "is told of"}`, async () => {
      expect(await run()).toEqual({
        Metrics: isSeen,
        stderr: isSeen
          ? ""
          : `flushguard: hook-esm: ${FIXTURES}hooks/static-esm.mjs imports it and is required, where no hook of this Node ` +
            "sees what an ES module imports: it is not guarded there. Load that file by import(), or use Node 22.22.3, 24.11.1 or " +
            "later\n",
      });
    });

    test("which is loaded already: has it, and nothing is said", async () => {
      expect(await run("imported")).toEqual({ Metrics: true, stderr: "" });
    });
  });
}
