import { compare, satisfies } from "semver";
import { describe, expect, test } from "vitest";
import { rangeOf, targets } from "../../dist/src/targets/list.js";
import { entriesOf } from "./lib/entries.mjs";

const versionsOf = (module: string, subset = false) => entriesOf([module], subset).map(({ version }) => version);

test("every target has versions to prove, and nothing else has", () => {
  const listed = new Set(entriesOf([], false).map(({ module }) => module));
  expect([...listed].sort()).toEqual(targets.map(({ module }) => module).sort());
});

describe.each(targets)("$module", ({ module, load }) => {
  test("is proven on versions that it covers, the lowest first", () => {
    const versions = versionsOf(module);
    expect(versions.filter((version) => !satisfies(version, rangeOf(load())))).toEqual([]);
    expect(versions).toEqual([...versions].sort(compare));
  });

  test("has its lowest and its newest in the subset", () => {
    const versions = versionsOf(module);
    expect(versionsOf(module, true)).toEqual([...new Set([versions[0], versions.at(-1)])]);
  });
});

test("a target that has no versions is refused", () => {
  expect(() => entriesOf(["left-pad"], false)).toThrow(RangeError);
});
