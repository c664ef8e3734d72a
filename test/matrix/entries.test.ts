import { spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import { compare, intersects, satisfies } from "semver";
import { describe, expect, test } from "vitest";
import { rangeOf } from "../../dist/src/packages/version-obstacle.js";
import { targets } from "../../dist/src/targets/list.js";
import { entriesOf } from "./lib/entries.mjs";

const MAIN = fileURLToPath(new URL("./main.mjs", import.meta.url));
const versionsOf = (module: string, subset = false) => entriesOf([module], subset).map(({ version }) => version);

test("every target has versions to prove, and nothing else has", () => {
  const listed = new Set(entriesOf([], false).map(({ module }) => module));
  expect([...listed].sort()).toEqual(targets.map(({ module }) => module).sort());
});

test("the subset has the lowest versions and the newest in turn", () => {
  const ends = entriesOf([], true).map(({ module, version }) => version === versionsOf(module)[0]);
  const alternates = (end: boolean, index: number): boolean => end || index % 2 === 1;
  expect(ends.every(alternates)).toBe(true);
  expect(ends).toContain(false);
});

describe.each(targets)("$module", ({ module, load }) => {
  test("is proven on versions that it covers, the lowest first", () => {
    const versions = versionsOf(module);
    expect(versions.filter((version) => !satisfies(version, rangeOf(load())))).toEqual([]);
    expect(versions).toEqual([...versions].sort(compare));
  });

  test("covers no version that has nothing to guard", () => {
    for (const { versions = "*", unaffected = "<0.0.0-0" } of load()) {
      expect(intersects(versions, unaffected)).toBe(false);
    }
  });

  test("has its lowest or its newest in the subset", () => {
    const versions = versionsOf(module);
    const [one, ...more] = versionsOf(module, true);
    expect([versions[0], versions.at(-1)]).toContain(one);
    expect(more).toEqual([]);
  });
});

test.each([
  [["--only", "left-pad"], '"left-pad" has no entry in versions.json'],
  [["--only", "hot-shot"], '"hot-shot" has no entry in versions.json (did you mean "hot-shots"?)'],
  [["--only", "constructor"], '"constructor" has no entry in versions.json'],
  [["--onyl", "hot-shots"], "Unknown option '--onyl' (did you mean \"--only\"?)"],
])("%j: one line, exit code 2, and nothing is installed", (args, line) => {
  const { status, stdout, stderr } = spawnSync(process.execPath, [MAIN, ...args], { encoding: "utf8" });
  expect({ status, stdout, stderr }).toEqual({ status: 2, stdout: "", stderr: `matrix: ${line}\n` });
});
