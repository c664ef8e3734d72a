import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { targets } from "../../dist/src/targets/list.js";
import { placed, readmeWithTables } from "./table.mjs";

test("the tables in the README are those of the targets and of what was last verified", () => {
  const readme = readFileSync(new URL("../../README.md", import.meta.url), "utf8");
  expect(readme).toBe(readmeWithTables());
});

test("the table of clients has each of them once", () => {
  expect(placed.toSorted()).toEqual(targets.map(({ module }) => module).toSorted());
});
