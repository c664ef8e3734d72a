import { expect, it, vi } from "vitest";
import { unrelated } from "../../dist/src/hooks/unrelated.js";
import { pathPattern } from "../../dist/src/named-files.js";
import { matchesFile } from "../../dist/src/packages/file-match.js";
import { pathWithin } from "../../dist/src/packages/nearest-package.js";

vi.mock("node:path", async (original) => {
  const { win32 } = await original<typeof import("node:path")>();
  return { ...win32, default: win32 };
});

it("a path inside a package has forward slashes, as targets name files", () => {
  const file = pathWithin("C:\\app\\node_modules\\a", "C:\\app\\node_modules\\a\\build\\cjs\\x.js");
  expect(file).toBe("build/cjs/x.js");
  expect(matchesFile("build/{cjs,esm}/x.js", file)).toBe(true);
});

it("the files of a package are known by either slash", () => {
  const pattern = pathPattern(["@a/b"]);
  expect("C:\\app\\node_modules\\@a\\b\\lib\\x.js").toMatch(pattern);
  expect("C:/app/node_modules/@a/b/lib/x.js?query").toMatch(pattern);
  expect("C:\\app\\node_modules\\@a\\bc\\lib\\x.js").not.toMatch(pattern);
});

it("a require inside a hooked package can reach it, one elsewhere cannot", () => {
  const isUnrelated = unrelated(new Map([["hot-shots", {}]]), () => false);
  expect(isUnrelated("./helpers", "C:\\app\\node_modules\\hot-shots\\lib\\statsd.js")).toBe(false);
  expect(isUnrelated("./helpers", "C:\\app\\node_modules\\other\\lib\\a.js")).toBe(true);
  expect(isUnrelated("../../hot-shots/lib/statsd", "C:\\app\\node_modules\\other\\lib\\a.js")).toBe(false);
  expect(isUnrelated("C:\\app\\node_modules\\hot-shots\\lib\\statsd.js", "C:\\app\\a.js")).toBe(false);
});
