import { readFileSync } from "node:fs";
import { join } from "node:path";

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
