import { cpSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { temporaryFolder } from "./run.mjs";

const ROOT = fileURLToPath(new URL("../../../", import.meta.url));

/**
 * What is used of a build.
 * @typedef {object} Build
 * @property {typeof import("../../../src/multiprocess/store/store.js").Store} Store
 * @property {typeof import("../../../src/multiprocess/merge/collector.js").Collector} Collector
 * @property {string} collector its module
 */

/**
 * Another build of this package, changed in some of its files, whose modules are not those of this process.
 * @param {Record<string, readonly [string, string][]>} [changes] by file below dist/src/multiprocess: what is replaced, by what
 * @returns {Promise<Build>}
 */
export async function anotherBuild(changes = {}) {
  const folder = join(temporaryFolder(), "build");
  mkdirSync(folder);
  cpSync(join(ROOT, "dist"), join(folder, "dist"), { recursive: true });
  cpSync(join(ROOT, "package.json"), join(folder, "package.json"));
  symlinkSync(join(ROOT, "node_modules"), join(folder, "node_modules"));
  const multiprocess = join(folder, "dist", "src", "multiprocess");
  for (const [file, replacements] of Object.entries(changes)) {
    let text = readFileSync(join(multiprocess, file), "utf8");
    for (const [from, to] of replacements) {
      if (!text.includes(from)) throw new Error(`${file} has no ${from}`);
      text = text.replace(from, to);
    }
    writeFileSync(join(multiprocess, file), text);
  }
  const collector = pathToFileURL(join(multiprocess, "merge/collector.js")).href;
  const { Store } = await import(pathToFileURL(join(multiprocess, "store/store.js")).href);
  const { Collector } = await import(collector);
  return { Store, Collector, collector };
}

/**
 * A release that writes one format and reads some.
 * @param {number} writes
 * @param {readonly number[]} reads
 */
export function release(writes, reads) {
  return anotherBuild({
    "store/format.js": [
      ["export const VERSION = 1;", `export const VERSION = ${writes};`],
      ["export const VERSIONS = [1];", `export const VERSIONS = [${reads.join()}];`],
    ],
  });
}
