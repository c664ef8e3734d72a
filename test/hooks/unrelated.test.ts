import { expect, test } from "vitest";
import { unrelated } from "../../dist/src/hooks/unrelated.js";

const modules = new Map([
  ["hot-shots", 1],
  ["@scope/client", 1],
]);
const isUnrelated = unrelated(modules, () => false);
const APP = "/app/src/main.js";
const OTHER = "/app/node_modules/other/lib/deep/file.js";

test.each([
  ["node:fs", APP],
  ["fs", APP],
  ["other", APP],
  ["@scope/other", APP],
  ["@scope", APP],
  ["hot-shots-mock", APP],
  ["./hot-shots", APP],
  ["../../lib", APP],
  ["./file", OTHER],
  ["../deep/file", OTHER],
  ["../../package.json", OTHER],
  ["client", OTHER],
  [undefined, APP],
] as const)("%s required by %s is no file of a hooked package", (id, from) => {
  expect(isUnrelated(id, from)).toBe(true);
});

test.each([
  ["hot-shots", APP],
  ["hot-shots/lib/statsd", OTHER],
  ["@scope/client", APP],
  ["@scope/client/sub", APP],
  ["#metrics", APP],
  ["/app/node_modules/hot-shots/index.js", APP],
  ["C:\\app\\node_modules\\hot-shots", APP],
  ["../node_modules/hot-shots", APP],
  ["../../../hot-shots", OTHER],
  ["./../../../hot-shots", OTHER],
  ["./lib/statsd", "/app/node_modules/hot-shots/index.js"],
  ["./lib", "/app/node_modules/other/node_modules/@scope/client/index.js"],
  ["./any", null],
])("%s required by %s may be one", (id, from) => {
  expect(isUnrelated(id, from)).toBe(false);
});

test("a relative path is unrelated where the files themselves are seen, a name is not", () => {
  const isNeeded = unrelated(modules, () => true);
  expect(isNeeded("./lib/statsd", "/app/node_modules/hot-shots/index.js")).toBe(true);
  expect(isNeeded("../node_modules/hot-shots", APP)).toBe(true);
  expect(isNeeded("hot-shots", APP)).toBe(false);
  expect(isNeeded("/app/node_modules/hot-shots/index.js", APP)).toBe(false);
});
