import { readFileSync } from "node:fs";
import { UsageError } from "../../../dist/src/cli/usage-error.js";
import { didYouMean } from "../../../dist/src/config/nearest.js";

/**
 * @typedef {object} Entry
 * @property {string} module package name of the target
 * @property {string} version the one to prove
 * @property {Record<string, string>} companions what else has to be installed for it, name to version
 */

/** By target and version, oldest first: the packages that are installed beside it. */
const VERSIONS = JSON.parse(readFileSync(new URL("../versions.json", import.meta.url), "utf8"));

/**
 * The listed versions of each target.
 * @param {readonly string[]} modules the targets that are wanted; all where empty
 * @param {boolean} subset whether only one of each is: the lowest of the first target, the newest of the second, and so in turn
 * @returns {Entry[]}
 * @throws {UsageError} when a wanted target has none
 */
export function entriesOf(modules, subset) {
  const unknown = modules.find((module) => !Object.hasOwn(VERSIONS, module));
  if (unknown !== undefined) {
    const hint = didYouMean(unknown, Object.keys(VERSIONS));
    throw new UsageError(`${JSON.stringify(unknown)} has no entry in versions.json${hint}`);
  }
  const wanted = modules.length > 0 ? modules : Object.keys(VERSIONS);
  return wanted.flatMap((module) => {
    const entries = Object.entries(VERSIONS[module]).map(([version, companions]) => ({ module, version, companions }));
    return subset ? entries.slice(...(Object.keys(VERSIONS).indexOf(module) % 2 === 0 ? [0, 1] : [-1])) : entries;
  });
}
