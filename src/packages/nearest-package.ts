import { dirname, type PlatformPath, relative, sep } from "node:path";
import { manifestIn } from "./manifest.js";

type Platform = Pick<PlatformPath, "relative" | "sep">;

export interface Package {
  name: string;
  version: string | undefined;
  folder: string;
}

function read(folder: string): Package | undefined {
  const { name, version } = manifestIn(folder);
  if (typeof name !== "string" || name === "") return undefined;
  return { name, version: typeof version === "string" ? version : undefined, folder };
}

/** Finds the packages that files belong to, reading each package.json once. */
export class Packages {
  readonly #byFolder = new Map<string, Package | undefined>();

  /** The nearest package that has a name: builds have a package.json of their own without one. */
  of(file: string): Package | undefined {
    return this.#at(dirname(file));
  }

  #at(folder: string): Package | undefined {
    if (this.#byFolder.has(folder)) return this.#byFolder.get(folder);
    const parent = dirname(folder);
    const found = read(folder) ?? (parent === folder ? undefined : this.#at(parent));
    this.#byFolder.set(folder, found);
    return found;
  }
}

/**
 * Path of a file inside its package, with forward slashes.
 * @param platform whose paths they are
 */
export function pathWithin(folder: string, file: string, platform: Platform = { relative, sep }): string {
  return platform.relative(folder, file).split(platform.sep).join("/");
}
