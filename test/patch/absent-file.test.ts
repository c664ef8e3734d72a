import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { absentFile } from "../../dist/src/patch/absent-file.js";

const FILES = [
  "index.js",
  "README.md",
  "bin/cli",
  "lib/types.d.ts",
  "lib/deep/client.mjs",
  "lib/deep/map.js.map",
  "node_modules/other/inner.js",
];

let folder: string;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "flushguard-absent-"));
  for (const file of FILES) {
    mkdirSync(dirname(join(folder, file)), { recursive: true });
    writeFileSync(join(folder, file), "");
  }
});

afterAll(() => rmSync(folder, { recursive: true }));

describe("the file that a target names", () => {
  test.each([undefined, "index.js", "bin/cli", "*.js", "lib/deep/*.mjs", "lib/**/*.mjs", "**/client.mjs"])(
    "is there: %s",
    (file) => {
      expect(absentFile(folder, file)).toBeUndefined();
    },
  );

  test.each(["README.md", "lib/types.d.ts", "lib/deep/map.js.map"])("has no code: %s", (file) => {
    expect(absentFile(folder, file)).toContain(`there is no code in "${file}"`);
  });

  // Packages inside of it, and folders, are none of its files.
  test.each(["lib/client.mjs", "lib/*.ts", "**/inner.js", "lib", "lib/deep"])("is not there: %s", (file) => {
    expect(absentFile(folder, file)).toContain(`it has no file "${file}"`);
  });

  test("is misspelt: the one that is meant is told", () => {
    expect(absentFile(folder, "indxe.js")).toBe('it has no file "indxe.js" (did you mean "index.js"?)');
    expect(absentFile(folder, "lib/deep/cleint.mjs")).toBe(
      'it has no file "lib/deep/cleint.mjs" (did you mean "lib/deep/client.mjs"?)',
    );
  });
});
