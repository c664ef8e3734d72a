/** A file of a hooked package that has just been evaluated, or was found already loaded. */
export interface LoadedFile {
  /** Package name. */
  module: string;
  /** Absolute path of the package's folder; `bundle:name@version` in a bundle. */
  basedir: string;
  /** Absent: as the package.json there says. */
  version?: string | undefined;
  /** Path inside the package, with forward slashes: `lib/loggers.js`. */
  file: string;
  format: "commonjs" | "module";
  /** `module.exports`, or the namespace of an ES module. */
  exports: unknown;
  /**
   * Puts another value in the place of an export, where the module system allows it.
   * @param name the export's name; `""` for `module.exports` as a whole
   * @returns whether importers will see the new value
   */
  replace(name: string, value: unknown): boolean;
}

/** Called once or more for every evaluated file of a hooked package, before its importers run. Must be idempotent. */
export type OnLoad = (loaded: LoadedFile) => void;
