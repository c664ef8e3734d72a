import { readdirSync } from "node:fs";

const collecting = new URL("../../../dist/src/multiprocess/collect.js", import.meta.url).href;
/** @type {typeof import("../../../src/multiprocess/collect.js")} */
export const { collect, collectAll } = await import(collecting);

const BAD = "flushguard_multiprocess_bad_files_total";

/**
 * Samples of the merged view as a map from `name{labels}` to value.
 * @param {string} directory
 */
export async function samplesIn(directory) {
  const all = await collectAll(directory);
  const families = all.filter(({ name }) => !name.startsWith("flushguard_") || name === BAD);
  return new Map(
    families.flatMap(({ samples }) =>
      Array.from(
        samples,
        ({ name, labels, value }) => /** @type {const} */ ([labels ? `${name}{${labels}}` : name, value]),
      ),
    ),
  );
}

/** @param {string} directory */
export const filesIn = (directory) => readdirSync(directory).filter((name) => name.endsWith(".flushguard"));
