import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { readmeWithTable } from "./table.mjs";

test("the table in the README is that of the targets and of what was last verified", () => {
  const readme = readFileSync(new URL("../../README.md", import.meta.url), "utf8");
  expect(readme).toBe(readmeWithTable());
});
