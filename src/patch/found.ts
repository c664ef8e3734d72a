import type { LoadedFile } from "../hooks/loaded-file.js";
import { installedVersion } from "../packages/installed-version.js";

/** One package that was loaded, in one folder. */
export interface Found {
  module: string;
  version: string;
  path: string;
  /** Files of it whose class is guarded. */
  patched: string[];
  /** Why it, or a part of it, is not guarded. */
  reasons: string[];
  /** Those of the reasons that are about a method that a target of the app's own declares and that is not there. */
  missing?: string[];
}

/** The packages that were loaded, by their folders. */
export class FoundPackages {
  readonly #byFolder = new Map<string, Found>();

  get all(): readonly Found[] {
    return [...this.#byFolder.values()];
  }

  packageOf({ module, basedir: path, version }: LoadedFile): Found {
    let found = this.#byFolder.get(path);
    if (found === undefined) {
      found = { module, version: version ?? installedVersion(path), path, patched: [], reasons: [] };
      this.#byFolder.set(path, found);
    }
    return found;
  }
}
