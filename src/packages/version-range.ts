import { createRequire } from "node:module";
import { type Bounds, compiled } from "./compiled.js";

const require = createRequire(import.meta.url);

/** Whether a version, prereleases included, is in a semver range. */
export function inRange(version: string, range: string): boolean {
  if (Object.hasOwn(compiled.ranges, range)) return meetsAny(version, compiled.ranges[range] ?? []);
  // By the file: the whole of semver is 47 of them.
  const satisfies = require("semver/functions/satisfies") as typeof import("semver/functions/satisfies.js");
  return satisfies(version, range, { includePrerelease: true });
}

export function isRange(range: string): boolean {
  if (Object.hasOwn(compiled.ranges, range)) return true;
  const validRange = require("semver/ranges/valid") as typeof import("semver/ranges/valid.js");
  return validRange(range) !== null;
}

/** Whether a version meets all bounds of one of the alternatives. What is no version meets none. */
export function meetsAny(version: string, alternatives: readonly Bounds[]): boolean {
  const parsed = parse(version);
  if (parsed === undefined) return false;
  return alternatives.some((bounds) =>
    bounds.every(([operator, bound]) => {
      const limit = parse(bound);
      return limit === undefined || MEETS[operator]?.(compare(parsed, limit)) === true;
    }),
  );
}

/** By operator, from how a version compares to the bound. */
const MEETS: Readonly<Record<string, (order: number) => boolean>> = {
  "": (order) => order === 0,
  ">": (order) => order > 0,
  ">=": (order) => order >= 0,
  "<": (order) => order < 0,
  "<=": (order) => order <= 0,
};

interface Parsed {
  release: readonly number[];
  prerelease: readonly (number | string)[];
}

function parse(version: string): Parsed | undefined {
  const [, release, prerelease] = /^\s*v?(\d+\.\d+\.\d+)(?:-([\w.-]+))?(?:\+[\w.-]+)?\s*$/.exec(version) ?? [];
  if (release === undefined) return undefined;
  const parts = prerelease?.split(".").map((part) => (/^\d+$/.test(part) ? Number(part) : part));
  return { release: release.split(".").map(Number), prerelease: parts ?? [] };
}

/** As in https://semver.org/#spec-item-11: a prerelease comes before its release, numbers before words, fewer parts before more. */
function compare(one: Parsed, other: Parsed): number {
  const [left, right] = [one.release, other.release];
  for (const [index, number] of left.entries()) if (number !== right[index]) return number - (right[index] ?? 0);
  if (one.prerelease.length === 0 || other.prerelease.length === 0)
    return other.prerelease.length - one.prerelease.length;
  for (const [index, part] of one.prerelease.entries()) {
    const against = other.prerelease[index];
    if (against === undefined) return 1;
    if (part === against) continue;
    if (typeof part !== typeof against) return typeof part === "number" ? -1 : 1;
    return part < against ? -1 : 1;
  }
  return one.prerelease.length - other.prerelease.length;
}
