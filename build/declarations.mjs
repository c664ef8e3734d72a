import { cpSync, readFileSync, writeFileSync } from "node:fs";
import { join, relative } from "node:path";
import { COMPILED, DIST } from "./layout.mjs";

const TYPES = join(DIST, "types");
const SPECIFIER = /\b(?:from |import\()"(\.\.?\/[^"]+)\.js"/g;

/** What an entry that exports nothing is declared by. */
const NOTHING = "side-effects.d.ts";

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
    const text = readFileSync(file, "utf8");
    cpSync(file, join(TYPES, text.trim() === "export {};" ? NOTHING : relative(COMPILED, file)));
    for (const [, specifier] of text.matchAll(SPECIFIER)) waiting.push(join(file, "..", `${specifier}.d.ts`));
  }
}

/**
 * Publishes the declarations of an entry once more, for what `require` gives: the types are those of the ES module.
 * @param {string} entry name of one of our sources, without its extension
 */
export function publishForRequire(entry) {
  const source = readFileSync(join(COMPILED, `${entry}.d.ts`), "utf8");
  const functions = [...source.matchAll(/^export declare function (\w+)/gm)].map(([, name]) => name);
  const lines = [
    `import type * as all from "./${entry}.js" with { "resolution-mode": "import" };`,
    `export type * from "./${entry}.js" with { "resolution-mode": "import" };`,
    ...functions.map((name) => `export declare const ${name}: typeof all.${name};`),
  ];
  writeFileSync(join(TYPES, `${entry}.d.cts`), `${lines.join("\n")}\n`);
}
