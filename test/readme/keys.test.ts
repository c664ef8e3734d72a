import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { TARGET_FIELDS } from "../../dist/src/config/target-fields.js";

const section = readFileSync(new URL("../../docs/targets.md", import.meta.url), "utf8");

/** Keys whose values are functions, which JSON has not. */
const ofCode = ["prepare", "adapt"];

test("the table of keys has every key that is accepted in JSON, and no other", () => {
  const accepted = Object.entries(TARGET_FIELDS).flatMap(([key, { parts }]) =>
    parts === undefined ? [key] : Object.keys(parts).map((part) => `${key}.${part}`),
  );
  const table = /^\| key \| meaning \|$[\s\S]*?(?=\n\n)/m.exec(section)?.[0] ?? "";
  const listed = Array.from(table.matchAll(/^\| `([\w.]+)` \|/gm), ([, key]) => key);
  expect(new Set(listed)).toEqual(new Set(accepted.filter((key) => !ofCode.includes(key))));
  expect(listed).toHaveLength(new Set(listed).size);
  for (const key of ofCode) expect(section).toContain(`\`${key}\``);
});
