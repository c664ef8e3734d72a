import fc from "fast-check";
import picomatch from "picomatch";
import { satisfies } from "semver";
import { expect, test } from "vitest";
import { compile } from "../../build/compiled-targets.mjs";
import { meetsAny } from "../../dist/src/packages/version-range.js";
import { targets } from "../../dist/src/targets/list.js";
import { loadedBy } from "../preload/loaded-scripts.js";

const declared = targets.flatMap(({ load }) => load());
const { ranges, patterns } = compile(declared);

const number = fc.integer({ min: 0, max: 60 });
const part = fc.oneof(number, fc.constantFrom("alpha", "beta", "rc", "x-1", "0a"));
const version = fc
  .tuple(number, number, number, fc.array(part, { maxLength: 3 }), fc.constantFrom("", "+build.1"))
  .map(([major, minor, patch, pre, build]) => {
    return `${major}.${minor}.${patch}${pre.length > 0 ? `-${pre.join(".")}` : ""}${build}`;
  });

/** The versions that bounds name and those around them, where a mistake would show. */
const NEAR = Object.keys(ranges).flatMap((range) =>
  [...range.matchAll(/(\d+)(?:\.(\d+))?(?:\.(\d+))?/g)].flatMap(([, major = 0, minor = 0, patch = 0]) =>
    [-1, 0, 1].flatMap((step) => {
      const around = `${major}.${minor}.${Math.max(0, Number(patch) + step)}`;
      return [around, `${around}-0`, `${around}-rc.1`, `${around}-rc.10`, `${Number(major) + step}.0.0-alpha`];
    }),
  ),
);

const agrees = (range: string, candidate: string): void => {
  const expected = satisfies(candidate, range, { includePrerelease: true });
  expect([candidate, range, meetsAny(candidate, ranges[range] ?? [])]).toEqual([candidate, range, expected]);
};

test("every range of a built-in target, and ranges of other forms, are what semver makes of them", () => {
  expect(Object.keys(ranges).length).toBeGreaterThan(15);
  for (const range of Object.keys(ranges)) {
    for (const candidate of [...NEAR, "unknown", "", "1.2", "v1.2.3", "workspace:*"]) agrees(range, candidate);
    fc.assert(
      fc.property(version, (candidate) => agrees(range, candidate)),
      { numRuns: 200 },
    );
  }
  const others = ["*", "^1.2.3", "~2.1", "1.x || >=3.0.0-rc.2 <3.1", "1.2.3 - 2.0", "=1.0.0", "<=2 >1.1.1"];
  const compiled = compile(others.map((versions) => ({ module: "other", versions }))).ranges;
  for (const range of others) {
    fc.assert(
      fc.property(version, (candidate) => {
        const expected = satisfies(candidate, range, { includePrerelease: true });
        expect([candidate, range, meetsAny(candidate, compiled[range] ?? [])]).toEqual([candidate, range, expected]);
      }),
      { numRuns: 300 },
    );
  }
});

test("every file pattern of a built-in target is what picomatch makes of it", () => {
  expect(Object.keys(patterns).length).toBeGreaterThan(5);
  for (const [pattern, source] of Object.entries(patterns)) {
    const files = declared.flatMap(({ file = "" }) => alternatives(file));
    for (const file of [...files, ...files.map((each) => `node_modules/other/${each}`)]) {
      expect([pattern, file, new RegExp(source).test(file)]).toEqual([pattern, file, picomatch.isMatch(file, pattern)]);
    }
  }
});

/** The files that a pattern with braces stands for. */
function alternatives(pattern: string): string[] {
  const [whole, inside = ""] = /\{([^{}]*)\}/.exec(pattern) ?? [];
  if (whole === undefined) return [pattern];
  return inside.split(",").flatMap((choice) => alternatives(pattern.replace(whole, choice)));
}

test("a built-in client is guarded without semver and picomatch", async () => {
  const { scripts, stdout } = await loadedBy(["aws.cjs"]);
  expect(stdout).toContain('"delivered":160');
  expect(scripts.filter((script) => script.startsWith("targets-"))).toEqual(["targets-from-a.cjs"]);
  expect(scripts.filter((script) => /^semver\/|^picomatch/.test(script))).toEqual([]);
});
