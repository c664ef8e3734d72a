import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import type { Target } from "../target.js";

const require = createRequire(import.meta.url);
const versions = new Map<string, string>();

/** The version of the package in a folder; "unknown" where its package.json does not tell. */
export function installedVersion(basedir: string): string {
  let version = versions.get(basedir);
  if (version === undefined) {
    version = read(basedir);
    versions.set(basedir, version);
  }
  return version;
}

function read(basedir: string): string {
  try {
    const manifest = JSON.parse(readFileSync(join(basedir, "package.json"), "utf8")) as { version?: unknown };
    return typeof manifest.version === "string" ? manifest.version : "unknown";
  } catch {
    return "unknown";
  }
}

/** Why a version is not one to patch, or undefined where it is. */
export function versionObstacle(target: Target, version: string): string | undefined {
  if (target.versions === undefined && target.fixedIn === undefined) return undefined;
  const semver: typeof import("semver") = require("semver");
  if (target.fixedIn !== undefined && semver.valid(version) !== null && semver.gte(version, target.fixedIn)) {
    return `fixed upstream in ${target.fixedIn}`;
  }
  const range = target.versions ?? "*";
  if (semver.validRange(range) === null) return `"${range}" is not a semver range`;
  if (semver.satisfies(version, range, { includePrerelease: true })) return undefined;
  return `version ${version} is outside ${range}`;
}
