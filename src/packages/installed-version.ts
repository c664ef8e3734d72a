import { manifestIn } from "./manifest.js";

/** In place of a version that is not told. */
export const UNKNOWN = "unknown";

const versions = new Map<string, string>();

/** The version of the package in a folder; "unknown" where its package.json does not tell. */
export function installedVersion(basedir: string): string {
  let version = versions.get(basedir);
  if (version === undefined) {
    const manifest = manifestIn(basedir);
    version = typeof manifest.version === "string" ? manifest.version : UNKNOWN;
    versions.set(basedir, version);
  }
  return version;
}
