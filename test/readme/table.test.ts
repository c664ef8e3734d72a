import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { readmeWithTables } from "./table.mjs";

test("the tables in the README are those of the targets and of what was last verified", () => {
  const readme = readFileSync(new URL("../../README.md", import.meta.url), "utf8");
  expect(readme).toBe(readmeWithTables());
});
