import { Module } from "node:module";
import { join, sep } from "node:path";
import { mainFolder, upwards, workingFolder } from "../folders.js";
import { isThere } from "../is-there.js";

/** Yarn's Plug'n'Play: https://yarnpkg.com/advanced/pnpapi */
interface PnpApi {
  getAllLocators?(): Iterable<{ name: string | null }>;
}

/**
 * Whether one of the packages can be found from the working directory or from the main script, at any level above it.
 * Copies nested in another package are not looked for; pnpm's folder of indirect dependencies is, and all that Yarn's
 * Plug'n'Play knows.
 * @param from the folder to look from instead
 */
export function isAnyInstalled(names: readonly string[], from?: string): boolean {
  const working = workingFolder();
  // Node waits for its loader thread for ever where the working directory has been removed.
  if (working === undefined) return false;
  const folders = from === undefined ? [working, mainFolder() ?? working] : [from];
  if (folders.some((folder) => isPluggedIn(folder, names))) return true;
  return [...new Set(folders.flatMap(packageFolders))]
    .filter((folder) => isThere(folder))
    .some((folder) => names.some((name) => isThere(join(folder, name, "package.json"))));
}

/** The folders, there or not, in which packages are found from a folder. */
export function packageFolders(from: string): string[] {
  return upwards(from).flatMap((folder) => {
    const packages = join(folder, "node_modules");
    return [packages, join(packages, ".pnpm", "node_modules")];
  });
}

function isPluggedIn(folder: string, names: readonly string[]): boolean {
  const { findPnpApi } = Module as { findPnpApi?: (path: string) => PnpApi | null };
  const locators = findPnpApi?.(join(folder, sep))?.getAllLocators?.() ?? [];
  return [...locators].some(({ name }) => name !== null && names.includes(name));
}
