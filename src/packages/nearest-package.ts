import { dirname, type PlatformPath, relative, sep } from "node:path";
import { manifestIn } from "./manifest.js";
import { packageFileOf } from "./package-file.js";

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

  /**
   * The package that is installed there, else the nearest that has a name: folders of a package have a package.json of their
   * own, with a name or without one.
   */
  of(file: string): Package | undefined {
    const installed = packageFileOf(file)?.basedir;
    return (installed === undefined ? undefined : this.#at(installed)) ?? this.#at(dirname(file));
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
