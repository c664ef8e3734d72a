import { readFileSync } from "node:fs";

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
 * @param {boolean} subset whether only the lowest and the newest version of each are
 * @returns {Entry[]}
 * @throws {RangeError} when a wanted target has none
 */
export function entriesOf(modules, subset) {
  const unknown = modules.find((module) => !(module in VERSIONS));
  if (unknown !== undefined) throw new RangeError(`${unknown} has no entry in versions.json`);
  const wanted = modules.length > 0 ? modules : Object.keys(VERSIONS);
  return wanted.flatMap((module) => {
    const entries = Object.entries(VERSIONS[module]).map(([version, companions]) => ({ module, version, companions }));
    return subset ? entries.filter((_, index) => index === 0 || index === entries.length - 1) : entries;
  });
}
