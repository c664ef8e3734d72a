import { readFileSync } from "node:fs";
import { afterAll, beforeAll, expect, test } from "vitest";
import { copyTree, type Tree } from "./tree.js";

const NAME = "flagsmith-nodejs";
const LIST = "src/targets/list.ts";
const guide = readFileSync(new URL("../../CONTRIBUTING.md", import.meta.url), "utf8");
const section = /^## A new client$[\s\S]*?(?=^## )/m.exec(guide)?.[0] ?? "";
/** The texts of the files that the example shows, by path. */
const files = new Map(
  Array.from(section.matchAll(/`(src\/\S+)`:\n\n```ts\n([\s\S]*?)```/g), ([, path, text]) => [path, text]),
);
/** What the example says that its commands print, in order. */
const outputs = Array.from(section.matchAll(/```console\n\$ .*\n([\s\S]*?)```/g), ([, text]) => text);

let tree: Tree;
beforeAll(() => {
  tree = copyTree();
  tree.remove(`src/targets/${NAME}.ts`);
  tree.remove(`src/proofs/${NAME}.ts`);
  tree.write(LIST, tree.read(LIST).replace(/^.*"flagsmith-nodejs".*\n/m, ""));
  expect(tree.build().status).toBe(0);
});
afterAll(() => tree.delete());

function writeShown(path: string): void {
  tree.write(path, files.get(path) ?? "");
  expect(tree.build()).toMatchObject({ status: 0, stdout: "" });
}

// Builds this repository three times.
test("the guide's example of a new client is true from the first command to the last", { timeout: 400_000 }, () => {
  expect(new Set(files.keys())).toEqual(new Set([`src/proofs/${NAME}.ts`, `src/targets/${NAME}.ts`]));
  expect(outputs).toHaveLength(4);
  expect(tree.newTarget(NAME).stdout).toBe(outputs[0]);
  expect(tree.build().status).toBe(0);
  expect(tree.verify(NAME)).toMatchObject({ status: 1, stdout: outputs[1] });
  writeShown(`src/proofs/${NAME}.ts`);
  expect(tree.verify(NAME)).toMatchObject({ status: 1, stdout: outputs[2] });
  writeShown(`src/targets/${NAME}.ts`);
  expect(tree.verify(NAME)).toMatchObject({ status: 0, stdout: outputs[3] });
  expect(tree.lint()).toMatchObject({ status: 0 });
});

test("a plain class-based client takes at most 40 lines in two files", () => {
  const lines = [...files.values()].join("").split("\n").length - 1;
  expect(lines).toBeGreaterThan(20);
  expect(lines).toBeLessThanOrEqual(40);
});
