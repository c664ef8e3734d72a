import { manifestIn } from "./manifest.js";

/** In place of a version that is not told. */
export const UNKNOWN = "unknown";

const versions = new Map<string, string>();

/** The version of the package in a folder; "unknown" where its package.json does not tell. */
export function installedVersion(basedir: string): string {
  let version = versions.get(basedir);
  if (version === undefined) {
    version = versionIn(manifestIn(basedir));
    versions.set(basedir, version);
  }
  return version;
}

/** The version that a package.json tells. */
export function versionIn({ version }: Readonly<Record<string, unknown>>): string {
  return typeof version === "string" ? version : UNKNOWN;
}
