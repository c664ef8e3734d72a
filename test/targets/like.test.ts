import { execFile } from "node:child_process";
import {
  cpSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  realpathSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { afterAll, describe, expect, it } from "vitest";

const MODULES = fileURLToPath(new URL("../../node_modules", import.meta.url));
const DIST = new URL("../../dist/", import.meta.url);
const folders: string[] = [];

afterAll(() => {
  for (const folder of folders) rmSync(folder, { recursive: true, force: true });
});

/** An app with a fork of a client: the same code in a package of another name, at a version of its own. */
function appWithFork(original: string, fork: string, target: object): string {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), "flushguard-like-")));
  folders.push(folder);
  const copy = join(folder, "node_modules", fork);
  cpSync(join(MODULES, original), copy, { recursive: true });
  const manifest = JSON.parse(readFileSync(join(copy, "package.json"), "utf8"));
  writeFileSync(join(copy, "package.json"), JSON.stringify({ ...manifest, name: fork, version: "0.1.0" }));
  for (const name of Object.keys(manifest.dependencies)) {
    const link = join(folder, "node_modules", name);
    mkdirSync(dirname(link), { recursive: true });
    symlinkSync(join(MODULES, name), link);
  }
  writeFileSync(join(folder, "flushguard.config.json"), JSON.stringify({ targets: [target] }));
  // The scenarios of the original, driven with the fork.
  writeFileSync(
    join(folder, "app.mjs"),
    `import { createRequire } from "node:module";
import { proof } from ${JSON.stringify(new URL(`src/proofs/${original.replace("@", "").replace("/", "-")}.js`, DIST).href)};
const require = createRequire(import.meta.url);
const load = { require: (name) => require(name.replace(${JSON.stringify(original)}, ${JSON.stringify(fork)})) };
console.log(JSON.stringify(await proof.scenarios[0].run(load)));`,
  );
  return folder;
}

async function run(folder: string, ...preload: string[]) {
  const { stdout, stderr } = await promisify(execFile)(process.execPath, [...preload, "app.mjs"], { cwd: folder });
  return { outcome: JSON.parse(stdout), stderr };
}

const PRELOAD = ["--import", new URL("register.js", DIST).href];

describe.each([
  ["@segment/analytics-node", "@acme/analytics-node", 150],
  ["flagsmith-nodejs", "acme-flags", 30],
])("a fork of %s", (original, fork, recorded) => {
  it("is guarded by what is declared of the original, whatever its version is", async () => {
    const folder = appWithFork(original, fork, { module: fork, like: original });
    const unguarded = (await run(folder)).outcome;
    expect(unguarded.distinct).toBeLessThan(unguarded.recorded);
    const { outcome, stderr } = await run(folder, ...PRELOAD);
    expect(stderr).toBe("");
    expect(outcome).toMatchObject({ recorded, delivered: recorded, distinct: recorded });
  }, 60_000);
});

it("is left alone where its version is not among those that the target names", async () => {
  const target = { module: "acme-flags", like: "flagsmith-nodejs", versions: ">=1" };
  const { outcome } = await run(appWithFork("flagsmith-nodejs", "acme-flags", target), ...PRELOAD);
  expect(outcome.distinct).toBeLessThan(outcome.recorded);
}, 60_000);

it("is told of in one line where there is no such client", async () => {
  const target = { module: "acme-flags", like: "flagsmith-node" };
  const { outcome, stderr } = await run(appWithFork("flagsmith-nodejs", "acme-flags", target), ...PRELOAD);
  expect(outcome.distinct).toBeLessThan(outcome.recorded);
  expect(stderr.trim().split("\n")).toEqual([
    expect.stringContaining(
      'target of "acme-flags".like: found "flagsmith-node", expected the name of a client that is built in (did you mean "flagsmith-nodejs"?); this target is left out',
    ),
  ]);
}, 60_000);
