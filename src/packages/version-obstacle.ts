import type { Target } from "../target.js";
import { UNKNOWN } from "./installed-version.js";
import { inRange, isRange } from "./version-range.js";

/** Whether upstream has fixed the hazard in a version. */
export function isFixedUpstream({ fixedIn }: Target, version: string): boolean {
  return fixedIn !== undefined && inRange(version, `>=${fixedIn}`);
}

/** Whether a version is one that has nothing to guard. */
export function isUnaffected({ unaffected }: Target, version: string): boolean {
  return unaffected !== undefined && inRange(version, unaffected);
}

/** Why a version is not one to patch, or undefined where it is. */
export function versionObstacle(target: Target, version: string): string | undefined {
  if (isFixedUpstream(target, version)) return `fixed upstream in ${target.fixedIn}`;
  if (isUnaffected(target, version)) return `nothing to guard in ${version}`;
  if (target.versions === undefined) return undefined;
  const range = target.versions;
  if (!isRange(range)) return `"${range}" is not a semver range`;
  if (version === UNKNOWN) return "its package.json tells no version: it is missing, broken or without one";
  if (inRange(version, range)) return undefined;
  return `version ${version} is outside ${range}`;
}

/** Why none of a package's declarations is about a version, or undefined where one is. */
export function versionObstacles(targets: readonly Target[], version: string): string | undefined {
  const obstacles = targets.map((target) => versionObstacle(target, version));
  return obstacles.includes(undefined) ? undefined : obstacles.at(-1);
}

/** Semver range of the versions that any of a package's declarations covers. */
export function rangeOf(declared: readonly Target[]): string {
  return [...new Set(declared.map(({ versions = "*" }) => versions))].join(" || ");
}
