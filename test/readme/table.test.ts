import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { targets } from "../../dist/src/targets/list.js";
import { pagesWithTables, placed } from "./table.mjs";

const README = readFileSync(new URL("../../README.md", import.meta.url), "utf8");

test("the tables are those of the targets and of what was last verified", () => {
  for (const { page, text } of pagesWithTables()) expect(readFileSync(page, "utf8"), String(page)).toBe(text);
});

test("the README names every client, and is short enough to read", () => {
  expect(targets.map(({ module }) => module).filter((module) => !README.includes(module))).toEqual([]);
  expect(README).toContain(`flushguard: on, ${targets.length} clients known`);
  expect(readFileSync(new URL("../../CHANGELOG.md", import.meta.url), "utf8")).toContain(
    `Targets for ${targets.length} packages`,
  );
  expect(README.trimEnd().split("\n").length).toBeLessThanOrEqual(150);
});

test("the table of clients has each of them once", () => {
  expect(placed.toSorted()).toEqual(targets.map(({ module }) => module).toSorted());
});
