import { createRequire } from "node:module";

const require = createRequire(import.meta.url);

const isText = (value: unknown): value is string => typeof value === "string" && /\S/.test(value);

/** The lowest version of a range that is one; undefined where it has none. */
function lowestOf(range: string) {
  const minVersion = require("semver/ranges/min-version") as typeof import("semver/ranges/min-version.js");
  return minVersion(range);
}

export function isRange(value: unknown): boolean {
  if (!isText(value)) return false;
  const validRange = require("semver/ranges/valid") as typeof import("semver/ranges/valid.js");
  return validRange(value) !== null && lowestOf(value) !== null;
}

export function isVersion(value: unknown): boolean {
  if (!isText(value)) return false;
  const valid = require("semver/functions/valid") as typeof import("semver/functions/valid.js");
  return valid(value) !== null;
}

/** Whether a version is in both of two ranges. */
export function overlap(one: string, other: string): boolean {
  const intersects = require("semver/ranges/intersects") as typeof import("semver/ranges/intersects.js");
  return intersects(one, other);
}

/** Whether a range begins with a version, or after it. */
export function beginsFrom(range: string, version: string): boolean {
  return (lowestOf(range)?.compare(version) ?? -1) >= 0;
}
