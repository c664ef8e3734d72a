import { type Binding, reportCommonJs, reportModule } from "./report.js";
import type { Watch } from "./watch.js";

/** Key of the global array to which each file of a hooked package adds itself where a bundle has it inside. */
export const BUNDLED = "flushguard.bundled";

/** Of the entries of that array: the bundle and what guards it may be of different versions. */
export const FORMAT = 1;

/** A file of a package in a bundle, as its footer tells of it when it has been evaluated. */
type BundledFile = [
  format: typeof FORMAT,
  module: string,
  version: string,
  file: string,
  exports: () => unknown,
  /** What puts another value in the place of a CommonJS file's exports, or the bindings of an ES module. */
  access: ((value: unknown) => void) | Record<string, Binding>,
];

const KEY = Symbol.for(BUNDLED);
const holder = globalThis as { [KEY]?: BundledFile[] };

function bundledFiles(): BundledFile[] {
  holder[KEY] ??= [];
  return holder[KEY];
}

function report(watch: Watch, [format, name, version, file, exports, access]: BundledFile, late: boolean): void {
  if (format !== FORMAT || !watch.modules.has(name)) return;
  watch.attempt(`${name}/${file}`, () => {
    const at = { name, basedir: `bundle:${name}@${version}`, file, version };
    if (typeof access !== "function") reportModule(watch, at, exports() as object, access);
    else reportCommonJs(watch, at, exports(), late ? undefined : access);
  });
}

/** Reports the files of hooked packages that a bundle has, as they are evaluated, and gives the undo. A bundle also runs without it. */
export function hookBundled(watch: Watch): () => void {
  const files = bundledFiles();
  const original = files.push;
  const push: typeof original = (...added) => {
    for (const file of added) report(watch, file, false);
    return original.apply(files, added);
  };
  Object.defineProperty(files, "push", { value: push, configurable: true });
  return () => {
    // Otherwise another copy of this package has wrapped it since.
    if (files.push !== push) return;
    Object.defineProperty(files, "push", { value: original, configurable: true });
    if (files.length === 0) delete holder[KEY];
  };
}

/** Reports those that have been evaluated before. */
export function scanBundled(watch: Watch): void {
  for (const file of bundledFiles()) report(watch, file, true);
}
