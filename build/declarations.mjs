import { cpSync, readFileSync } from "node:fs";
import { join, relative } from "node:path";
import { COMPILED, DIST } from "./layout.mjs";

const TYPES = join(DIST, "types");
const SPECIFIER = /\b(?:from |import\()"(\.\.?\/[^"]+)\.js"/g;

/**
 * Publishes the declarations of an entry, and those that they import.
 * @param {string} entry name of one of our sources, without its extension
 */
export function publishDeclarations(entry) {
  const waiting = [join(COMPILED, `${entry}.d.ts`)];
  const published = new Set();
  for (let file = waiting.pop(); file !== undefined; file = waiting.pop()) {
    if (published.has(file)) continue;
    published.add(file);
    cpSync(file, join(TYPES, relative(COMPILED, file)));
    for (const [, specifier] of readFileSync(file, "utf8").matchAll(SPECIFIER))
      waiting.push(join(file, "..", `${specifier}.d.ts`));
  }
}
