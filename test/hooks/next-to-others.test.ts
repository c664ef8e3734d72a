import { cp, mkdir, mkdtemp, rm, symlink } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { synchronousHooksWork } from "../../dist/src/hooks/es-modules.js";
import { NODES } from "../nodes/nodes.js";
import { filesOf, PRELOAD_URL, runApp, runNode } from "./run-node.js";

const ROOT = fileURLToPath(new URL("../../", import.meta.url));
let copy: string;

/** A second installation of the same files, as a nested dependency would bring it. */
beforeAll(async () => {
  copy = await mkdtemp(join(tmpdir(), "flushguard-copy-"));
  await mkdir(join(copy, "test"));
  await cp(join(ROOT, "dist"), join(copy, "dist"), { recursive: true });
  await cp(join(ROOT, "test/hooks"), join(copy, "test/hooks"), { recursive: true });
  await cp(join(ROOT, "package.json"), join(copy, "package.json"));
  await symlink(join(ROOT, "node_modules"), join(copy, "node_modules"));
});
afterAll(() => rm(copy, { recursive: true }));

const nextTo = (agent: string, order: string) => {
  const preload = [agent.endsWith(".cjs") ? "--require" : "--import", agent];
  return order === "before us" ? { before: preload, after: [] } : { before: [], after: ["--import", agent] };
};

for (const node of NODES) {
  describe.concurrent(node.name, () => {
    test.for(["before us", "after us"])("an agent that hooks the same loads, %s", async (order) => {
      const { before, after } = nextTo("./hooks/other-agent.cjs", order);
      const record = await runApp(node.binary, [...after, "./hooks/other-agent.mjs"], {}, before);
      const { otherLoaded, ...results } = record.results;
      expect(results).toEqual({ cjs: true, esm: true, otherRequired: true, otherCompiled: true });
      expect(otherLoaded).toBe(!node.version.startsWith("20."));
      expect(record.errors).toEqual([]);
    });

    test.for(["before us", "after us"])("a loader that gives sources as bytes, %s", async (order) => {
      const { before, after } = nextTo("./hooks/bytes.mjs", order);
      const record = await runApp(node.binary, [...after, "./hooks/rows.mjs", "import-esm"], {}, before);
      expect(record.results).toEqual({ Metrics: true, Internal: true });
      expect(record.marks).toBe(4);
    });

    test.for(["before us", "after us"])("a loader that gives each file a query more, %s", async (order) => {
      const { before, after } = nextTo("./hooks/query.mjs", order);
      const record = await runApp(node.binary, [...after, "./hooks/rows.mjs", "import-esm"], {}, before);
      expect(record.results).toEqual({ Metrics: true, Internal: true });
      expect(filesOf(record)).toEqual(["hook-esm/lib/internal.js", "hook-esm/index.js"]);
      expect(record.errors).toEqual([]);
    });

    // What it gives after us, in Node's loader thread, no hook of ours sees: a CommonJS main file that is imported is then out of reach; one line
    // speaks of what it requires, which is reported late.
    test.for(["before us", "after us"])("a loader that gives sources of CommonJS, %s", async (order) => {
      const { before, after } = nextTo("./hooks/commonjs-sources.mjs", order);
      const record = await runApp(node.binary, [...after, "./hooks/rows.mjs", "dual"], {}, before);
      expect(record.results).toEqual({ copies: true, imported: true, required: true });
      expect(record.marks).toBe(2);
      const main = await runApp(node.binary, [...after, "./hooks/rows.mjs", "import-cjs"], {}, before);
      const seen = order === "before us" || synchronousHooksWork(node.version);
      expect(main.results).toEqual({ Metrics: seen, Internal: true });
      const scoped = await runApp(node.binary, [...after, "./hooks/rows.mjs", "scoped"], {}, before);
      expect(scoped.results).toEqual({ Client: seen });
    });

    test("one that replaces the compile step after us: what is required is hooked all the same", async () => {
      const agent = ["--import", "./hooks/compile-replaced.cjs"];
      const nested = await runApp(node.binary, [...agent, "./hooks/rows.cjs", "nested"]);
      expect(nested.results).toEqual({ outer: true, nested: true });
      expect(filesOf(nested)).toEqual([
        "hook-cjs/lib/internal.js",
        "hook-cjs/index.js",
        "hook-cjs/main.js",
        "hook-nest/index.js",
      ]);
      const scoped = await runApp(node.binary, [...agent, "./hooks/rows.mjs", "require-scoped"]);
      expect(scoped.results).toEqual({ Client: true });
      const whole = await runApp(node.binary, [...agent, "./hooks/replace-whole.mjs"], {
        HOOKS_REPLACE: "module.exports",
      });
      const imported = synchronousHooksWork(node.version);
      expect(whole.results).toEqual({ imported, required: true, early: true, frozen: true, esm: false });
    });

    test.for(["before us", "after us"])(
      "one that evaluates files past the compile step, %s: what is required is hooked",
      async (order) => {
        const { before, after } = nextTo("./hooks/extension-replaced.cjs", order);
        const record = await runApp(node.binary, [...after, "./hooks/rows.cjs", "require-cjs"], {}, before);
        expect(record.results).toEqual({ Metrics: true, Internal: true });
        expect(record.errors).toEqual([]);
      },
    );

    test("two copies of the hooks: one footer, and each copy gets every report", async () => {
      const second = pathToFileURL(join(copy, "test/hooks/preload.mjs")).href;
      const app = ["./hooks/rows.mjs", "dual"];
      const run = await runNode(node.binary, ["--import", PRELOAD_URL, "--import", second, ...app]);
      expect(run.stderr).toBe("");
      expect(run.records.map((record) => filesOf(record))).toEqual([
        ["hook-dual/lib/index.cjs", "hook-dual/lib/index.mjs"],
        ["hook-dual/lib/index.cjs", "hook-dual/lib/index.mjs"],
      ]);
      expect(run.records.map((record) => record.marks).reduce((sum, marks) => sum + marks)).toBe(2);
    });

    test("the preload evaluated twice, and once more by the app", async () => {
      const again = `${PRELOAD_URL}?again`;
      const run = await runNode(node.binary, ["--import", PRELOAD_URL, "--import", again, "./hooks/late.mjs", again]);
      expect(run.stderr).toBe("");
      expect(run.records).toHaveLength(2);
      for (const record of run.records) expect(filesOf(record)).toContain("hook-esm/index.js");
    });
  });
}
