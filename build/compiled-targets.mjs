import { join } from "node:path";
import picomatch from "picomatch";
import { Range } from "semver";
import { ROOT } from "./layout.mjs";

const PLACE = join(ROOT, "src/packages/compiled.ts");

/**
 * What the version ranges and file patterns of targets come down to.
 * @param {readonly import("../dist/src/target.js").Target[]} targets
 * @returns {import("../dist/src/packages/compiled.js").Compiled}
 */
export function compile(targets) {
  const ranges = targets.flatMap(({ versions, unaffected, fixedIn }) => [
    ...(versions === undefined ? [] : [versions]),
    ...(unaffected === undefined ? [] : [unaffected]),
    ...(fixedIn === undefined ? [] : [`>=${fixedIn}`]),
  ]);
  const patterns = targets.flatMap(({ file }) => (file !== undefined && picomatch.scan(file).isGlob ? [file] : []));
  return {
    ranges: Object.fromEntries(ranges.map((range) => [range, boundsOf(range)])),
    patterns: Object.fromEntries(patterns.map((pattern) => [pattern, picomatch.makeRe(pattern).source])),
  };
}

/** Prereleases are in a range like any other version, so that a bound of two parts has one of its own for them. */
function boundsOf(/** @type {string} */ range) {
  const { set } = new Range(range, { includePrerelease: true });
  // A comparator that any version meets has no version.
  return set.map((bounds) =>
    bounds.flatMap(({ operator, semver: { version } }) => (version ? [[operator, version]] : [])),
  );
}

/**
 * Puts it in the place that our sources have for it, as code: an app may have a `JSON.parse` of its own.
 * @param {readonly import("../dist/src/target.js").Target[]} targets
 * @returns {import("rolldown").Plugin}
 */
export function compiledTargets(targets) {
  return {
    name: "compiled-targets",
    load: (id) => (id === PLACE ? `export const compiled = ${JSON.stringify(compile(targets))};\n` : undefined),
  };
}
