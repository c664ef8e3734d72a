import { mkdir, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { type BuildOptions, build } from "esbuild";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { NODES } from "../nodes/nodes.js";
import { installedBuilds } from "./lib/builds.mjs";
import { linkSelf } from "./lib/link-self.mjs";
import { held, runBundle, SCENARIOS } from "./lib/run.mjs";

const app = (file: string) => fileURLToPath(new URL(`./app/${file}`, import.meta.url));
const [oldest, newest] = [NODES[0], NODES.at(-1)] as [(typeof NODES)[0], (typeof NODES)[0]];

/** Without any node_modules beside it. */
let folder: string;
/** Minified; by format and entry. */
const bundles = new Map<string, string>();

beforeAll(async () => {
  linkSelf();
  folder = await mkdtemp(join(tmpdir(), "flushguard-bundles-"));
  for (const [name, build] of Object.entries(installedBuilds)) {
    for (const entry of ["entry.mjs", "entry-bundled.mjs"]) {
      const out = join(folder, String(bundles.size));
      await mkdir(out);
      bundles.set(`${name}, ${entry}`, await build(app(entry), out));
    }
  }
});
afterAll(() => rm(folder, { recursive: true }));

function run(bundle: string, scenario: string, preloaded: boolean, binary: string) {
  return runBundle(binary, bundles.get(bundle) as string, scenario, preloaded);
}

describe.concurrent("clients in a bundle of esbuild", { concurrent: true }, () => {
  test.for(SCENARIOS)("lose where nothing guards them: %s", async (scenario) => {
    expect(held(await run("esbuild, CommonJS, entry.mjs", scenario, false, newest.binary))).toBe(false);
  });

  for (const { name, binary } of [oldest, newest]) {
    test.for(SCENARIOS)(`are guarded by the preload, ${name}: %s`, async (scenario) => {
      const counted = await run("esbuild, CommonJS, entry.mjs", scenario, true, binary);
      expect(counted).toSatisfy(held);
    });

    test.for(SCENARIOS)(`are guarded by a line in an ES module, ${name}: %s`, async (scenario) => {
      const counted = await run("esbuild, ES module, entry-bundled.mjs", scenario, false, binary);
      expect(counted).toSatisfy(held);
    });
  }

  test.for(["esm", "cjs"] as const)("are guarded by a line that is bundled without a warning: %s", async (format) => {
    const entry = fileURLToPath(new URL("../../dist/bundled.js", import.meta.url));
    const quiet: BuildOptions = { bundle: true, platform: "node", write: false, logLevel: "silent" };
    expect((await build({ ...quiet, entryPoints: [entry], format })).warnings).toEqual([]);
  });

  test("are guarded by the preload and the line at once, in either format", async () => {
    const [scenario = ""] = SCENARIOS;
    for (const [name] of bundles) expect(await run(name, scenario, true, newest.binary)).toSatisfy(held);
  });
});
