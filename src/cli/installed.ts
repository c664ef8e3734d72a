import { readFileSync } from "node:fs";
import { dirname, join } from "node:path";

/**
 * The version of a package as a file in a directory would load it.
 * @param module package name
 * @param cwd the directory
 * @returns the version of the nearest copy; undefined where there is none
 */
export function installedVersion(module: string, cwd: string): string | undefined {
  for (let directory = cwd; ; directory = dirname(directory)) {
    const manifest = readManifest(join(directory, "node_modules", module, "package.json"));
    if (manifest !== undefined) return manifest.version ?? "0.0.0";
    if (directory === dirname(directory)) return undefined;
  }
}

function readManifest(path: string): { version?: string } | undefined {
  try {
    return JSON.parse(readFileSync(path, "utf8")) as { version?: string };
  } catch {
    return undefined;
  }
}
