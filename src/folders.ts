import { realpathSync } from "node:fs";
import { dirname } from "node:path";

/** A folder and those it is in, up to the root. */
export function upwards(folder: string): string[] {
  const parent = dirname(folder);
  return parent === folder ? [folder] : [folder, ...upwards(parent)];
}

/** The working directory, where it has not been removed. */
export function workingFolder(): string | undefined {
  try {
    return process.cwd();
  } catch {
    return undefined;
  }
}

/** The folder of the main script, where that can be told. */
export function mainFolder(): string | undefined {
  const main = process.argv[1];
  try {
    return main ? dirname(realpathSync(main)) : undefined;
  } catch {
    // A main script without its extension, say: the working directory has to do.
    return undefined;
  }
}
