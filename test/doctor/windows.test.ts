import { win32 } from "node:path";
import { expect, it } from "vitest";
import { inheritance } from "../../dist/src/cli/doctor/inheritance.js";
import { isNode } from "../../dist/src/cli/doctor/is-node.js";
import { shellWord } from "../../dist/src/cli/shell-word.js";
import { pathPattern } from "../../dist/src/named-files.js";
import { matchesFile } from "../../dist/src/packages/file-match.js";
import { packageFileOf, pathWithin } from "../../dist/src/packages/package-file.js";

it("a file of a package is found by a path of Windows", () => {
  expect(packageFileOf("C:\\app\\node_modules\\@a\\b\\lib\\x.js", win32.sep)).toEqual({
    name: "@a/b",
    basedir: "C:\\app\\node_modules\\@a\\b",
    file: "lib/x.js",
  });
  expect(packageFileOf("C:\\app\\src\\x.js", win32.sep)).toBeUndefined();
  expect(packageFileOf("\\\\server\\share\\node_modules\\a\\x.js", win32.sep)).toMatchObject({
    name: "a",
    file: "x.js",
  });
});

it("a path inside a package has forward slashes, as targets name files", () => {
  const file = pathWithin("C:\\app\\node_modules\\a", "C:\\app\\node_modules\\a\\build\\cjs\\x.js", win32);
  expect(file).toBe("build/cjs/x.js");
  expect(matchesFile("build/{cjs,esm}/x.js", file)).toBe(true);
});

it("the files of a package are known by either slash", () => {
  const pattern = pathPattern(["@a/b"]);
  expect("C:\\app\\node_modules\\@a\\b\\lib\\x.js").toMatch(pattern);
  expect("C:/app/node_modules/@a/b/lib/x.js?query").toMatch(pattern);
  expect("C:\\app\\node_modules\\@a\\bc\\lib\\x.js").not.toMatch(pattern);
});

it.each([
  ["C:\\Program Files\\nodejs\\node.exe", true],
  ["node.EXE", true],
  ["/usr/bin/node", true],
  ["C:\\app\\not-node.exe", false],
  ["node_modules\\.bin\\tool", false],
])("%s is Node: %s", (file, expected) => {
  expect(isNode(file)).toBe(expected);
});

it.each([
  ["--import=file:///C:/app/node_modules/flushguard/dist/register.js", true],
  ["--require C:\\app\\node_modules\\flushguard\\dist\\register.cjs", true],
  ['--require "C:/my app/node_modules/flushguard/dist/register.cjs"', true],
  ["--import flushguard/register", false],
])("NODE_OPTIONS=%s is found from anywhere: %s", (options, anywhere) => {
  expect(inheritance("/", options)).toMatchObject({ anywhere, nodeOptions: expect.stringContaining("flushguard") });
});

it("an argument to be copied is quoted as a shell of the platform takes it", () => {
  expect(shellWord("C:\\app\\main.js", "win32")).toBe("C:\\app\\main.js");
  expect(shellWord("C:\\my app\\main.js", "win32")).toBe('"C:\\my app\\main.js"');
  expect(shellWord('say "no"', "win32")).toBe('"say \\"no\\""');
  expect(shellWord("it's $HOME", "linux")).toBe("'it'\\''s $HOME'");
  expect(shellWord("", "linux")).toBe("''");
});
