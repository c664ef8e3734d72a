import { cp, mkdir, mkdtemp, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { synchronousHooksWork } from "../../dist/src/hooks/es-modules.js";
import { NODES } from "../nodes/nodes.js";
import { FIXTURES, filesOf, PRELOAD_CJS, PRELOAD_URL, runNode } from "./run-node.js";

let folder: string;

/** An app that loads a package of CommonJS and one of ES modules by these names. */
async function app(name: string, cjs: string, esm: string, manifest = {}): Promise<void> {
  await mkdir(join(folder, name), { recursive: true });
  await writeFile(join(folder, name, "package.json"), JSON.stringify(manifest));
  await writeFile(
    join(folder, name, "app.mjs"),
    `import { createRequire } from "node:module";
    const { isMarked, tell } = createRequire(import.meta.url)("../results.cjs");
    const cjs = createRequire(import.meta.url)(${JSON.stringify(cjs)});
    const esm = await import(${JSON.stringify(esm)});
    tell({ cjs: isMarked(cjs.Metrics), esm: isMarked(esm.Metrics) });`,
  );
}

async function copy(name: string, to: string): Promise<void> {
  await cp(join(FIXTURES, "node_modules", name), join(folder, to), { recursive: true });
}

async function link(from: string, to: string): Promise<void> {
  await mkdir(dirname(join(folder, from)), { recursive: true });
  await symlink(to, join(folder, from));
}

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "flushguard-elsewhere-"));
  await cp(join(FIXTURES, "hooks/results.cjs"), join(folder, "results.cjs"));
  await app("linked", "hook-cjs", "hook-esm");
  await copy("hook-cjs", "packages/cjs");
  await copy("hook-esm", "packages/esm");
  await link("linked/node_modules/hook-cjs", "../../packages/cjs");
  await link("linked/node_modules/hook-esm", "../../packages/esm");

  await app("modules linked as a whole", "hook-cjs", "hook-esm");
  await copy("hook-cjs", "modules/hook-cjs");
  await copy("hook-esm", "modules/hook-esm");
  await link("modules linked as a whole/node_modules", "../modules");

  await app("copied into the app", "./vendor/cjs", "./vendor/esm/index.js");
  await copy("hook-cjs", "copied into the app/vendor/cjs");
  await copy("hook-esm", "copied into the app/vendor/esm");

  const dependencies = { "my-cjs": "npm:hook-cjs@^1", "@my/esm": "npm:hook-esm@1.0.0" };
  await app("under another name", "my-cjs", "@my/esm", { dependencies });
  await copy("hook-cjs", "under another name/node_modules/my-cjs");
  await copy("hook-esm", "under another name/node_modules/@my/esm");
});
afterAll(() => rm(folder, { recursive: true }));

for (const node of NODES) {
  describe.concurrent(node.name, () => {
    const preloads = [
      ["--import", PRELOAD_URL],
      ["--require", PRELOAD_CJS],
    ] as const;
    const layouts = ["linked", "modules linked as a whole", "copied into the app", "under another name"];
    test.for(preloads.flatMap((preload) => layouts.map((layout) => [layout, preload] as const)))(
      "a package that is %s, %s",
      async ([layout, preload]) => {
        const { code, stderr, records } = await runNode(node.binary, [...preload, "app.mjs"], {}, join(folder, layout));
        expect(stderr).toBe("");
        expect(code).toBe(0);
        const [record] = records;
        // What is nowhere installed is not looked for in ES modules where that takes a hook in Node's loader thread.
        const esm = layout !== "copied into the app" || synchronousHooksWork(node.version);
        expect(record?.results).toEqual({ cjs: true, esm });
        expect(record && filesOf(record)).toEqual([
          "hook-cjs/lib/internal.js",
          "hook-cjs/index.js",
          ...(esm ? ["hook-esm/lib/internal.js", "hook-esm/index.js"] : []),
        ]);
        expect(record?.errors).toEqual([]);
      },
    );
  });
}
