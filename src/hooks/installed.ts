import { existsSync, realpathSync } from "node:fs";
import { dirname, join } from "node:path";

/**
 * Whether one of the packages can be found from the working directory or from the main script, at any level above it.
 * Copies nested in another package are not looked for; pnpm's folder of indirect dependencies is.
 */
export function isAnyInstalled(names: readonly string[]): boolean {
  const working = workingFolder();
  // Node waits for its loader thread for ever where the working directory has been removed.
  if (working === undefined) return false;
  const folders = [working, mainFolder() ?? working];
  return [...new Set(folders.flatMap(upwards))]
    .flatMap((folder) => [join(folder, "node_modules"), join(folder, "node_modules", ".pnpm", "node_modules")])
    .filter((folder) => existsSync(folder))
    .some((folder) => names.some((name) => existsSync(join(folder, name, "package.json"))));
}

/** A folder and those it is in, up to the root. */
export function upwards(folder: string): string[] {
  const parent = dirname(folder);
  return parent === folder ? [folder] : [folder, ...upwards(parent)];
}

function workingFolder(): string | undefined {
  try {
    return process.cwd();
  } catch {
    return undefined; // It was removed.
  }
}

function mainFolder(): string | undefined {
  const main = process.argv[1];
  try {
    return main ? dirname(realpathSync(main)) : undefined;
  } catch {
    // A main script without its extension, say: the working directory has to do.
    return undefined;
  }
}
