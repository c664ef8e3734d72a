import { join } from "node:path";
import type { PackageFile } from "../packages/package-file.js";
import type { LoadedFile, OnLoad } from "./loaded-file.js";

/** A package whose files are to be reported when they are loaded. */
export interface HookedModule {
  /** Package name. */
  name: string;
  /** The package's own, where it is installed under another. */
  is?: string;
  /** Whether it has an ES module build to hook. */
  esm: boolean;
  /** The files of that build to report. Absent: all, each of which makes the package slower to load. */
  esmFiles?: RegExp | undefined;
  /** Names of exported functions that `LoadedFile.replace` may be asked for in an ES module. */
  replaceable?: readonly string[] | undefined;
}

/** A file of a hooked package; its version where that is known without a look at its package.json. */
export type HookedFile = PackageFile & Pick<LoadedFile, "version">;

/**
 * Takes what our code has thrown inside the app's.
 * @param outcome what comes of it, for a line that ends with it
 */
export type OnError = (error: unknown, where: string, outcome: string) => void;

/** The packages being hooked and the one way to report a file of theirs. */
export class Watch {
  readonly modules = new Map<string, HookedModule>();
  /** The same names as an array, for require-in-the-middle: it reads the array anew at every `require`. */
  readonly names: string[] = [];
  /** Files of any package that went through the step of compilation while it was hooked. */
  readonly compiled = new Set<string>();
  /** Files that were, CommonJS and ES modules alike. */
  readonly reported = new Set<string>();
  /** What they export, but for primitive values. */
  readonly #exports = new WeakSet<object>();
  /** False after unhook: what cannot be taken out of a chain of wrappers reports nothing. */
  active = true;
  readonly #onLoad: OnLoad;
  readonly #onError: OnError;
  readonly #aliases: ReadonlyMap<string, string>;

  /** @param aliases other names under which packages are installed, and theirs */
  constructor(onLoad: OnLoad, onError: OnError, aliases: ReadonlyMap<string, string> = new Map()) {
    this.#onLoad = onLoad;
    this.#onError = onError;
    this.#aliases = aliases;
  }

  /** @returns the modules as they are now hooked, also under other names: a second entry of the same name adds to the first */
  add(modules: readonly HookedModule[]): HookedModule[] {
    const others = [...this.#aliases].flatMap(([alias, is]) =>
      modules.filter(({ name }) => name === is).map((module) => ({ ...module, name: alias, is })),
    );
    return [...modules, ...others].map((module) => {
      const known = this.modules.get(module.name);
      const hooked = known === undefined ? module : both(known, module);
      if (known === undefined) this.names.push(module.name);
      this.modules.set(module.name, hooked);
      return hooked;
    });
  }

  report(at: HookedFile, format: LoadedFile["format"], exports: unknown, replace: LoadedFile["replace"]): void {
    if (!this.active) return;
    const { name, ...file } = at;
    const module = this.modules.get(name)?.is ?? name;
    this.reported.add(join(at.basedir, at.file));
    if (Object(exports) === exports) this.#exports.add(exports as object);
    this.attempt(`${module}/${at.file}`, () => this.#onLoad({ module, ...file, format, exports, replace }));
  }

  /** Whether something is what a reported file exports. */
  hasReported(exports: unknown): boolean {
    return this.#exports.has(exports as object);
  }

  /**
   * Runs our code inside the app's: whatever it throws stays here.
   * @param outcome what comes of it where it throws
   */
  attempt(where: string, run: () => void, outcome = "it is left as it is"): void {
    try {
      run();
    } catch (error) {
      try {
        this.#onError(error, where, outcome);
      } catch {
        // The app must not pay for a reporter that throws.
      }
    }
  }
}

function both(one: HookedModule, other: HookedModule): HookedModule {
  const replaceable = [...new Set([...(one.replaceable ?? []), ...(other.replaceable ?? [])])];
  return { ...one, esm: one.esm || other.esm, esmFiles: undefined, replaceable };
}
