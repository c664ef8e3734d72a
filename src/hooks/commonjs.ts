import { createRequire, Module } from "node:module";
import { join, sep } from "node:path";
import { types } from "node:util";
import type { OnRequireFn as OnRequire, Hook as RequireHook } from "require-in-the-middle";
import { packageFileOf } from "../packages/package-file.js";
import { hookedFileAt, isHooked, reportCommonJs, reportModule } from "./report.js";
import { OWN } from "./turns.js";
import { unrelated } from "./unrelated.js";
import type { Watch } from "./watch.js";

type Compile = (this: NodeJS.Module, content: string, filename: string, ...rest: unknown[]) => unknown;

type Require = (this: NodeJS.Module, id: string, ...rest: unknown[]) => unknown;

const node = Module as unknown as {
  prototype: { _compile: Compile; require: Require };
  _cache: NodeJS.Require["cache"];
};
const { prototype } = node;
const require = createRequire(import.meta.url);
// Not by `import`: under a loader that hands out the sources of CommonJS files it would be evaluated with a `require` that has no cache,
// which it needs at every `require` of the app.
const { Hook } = require("require-in-the-middle") as typeof import("require-in-the-middle");

/** Reports `module.exports`; a new value for the whole of it goes to `setExports`. */
export function report(watch: Watch, filename: string, exports: unknown, setExports: (value: unknown) => void): void {
  const at = hookedFileAt(watch, filename);
  if (at === undefined) return;
  if (types.isModuleNamespaceObject(exports)) reportModule(watch, at, exports as object, {});
  else reportCommonJs(watch, at, exports, setExports);
}

/** The step that every CommonJS file goes through, as it is now. */
export function compileStep(): unknown {
  return prototype._compile;
}

/** Hooks `require`, ES modules that are required included, and gives the undo. */
export function hookRequire(watch: Watch, isCompileHooked: () => boolean): () => void {
  const original = prototype.require;
  const isUnrelated = unrelated(watch.modules, (from) => isCompileHooked() && watch.compiled.has(from));
  const onRequire: OnRequire = (exports, name, basedir) => {
    let result = exports;
    watch.attempt(name, () => {
      if (basedir === undefined) return;
      const filename = requiredFile(exports, name, basedir);
      const cached = filename === undefined ? undefined : node._cache[filename];
      // One that requires what requires it is reported when all of it is there.
      if (filename === undefined || cached?.loaded === false) return;
      report(watch, filename, exports, (value) => {
        result = value as typeof exports;
        if (cached?.exports === exports) cached.exports = value;
      });
    });
    return result;
  };
  let loads = 0;
  /** What the hook is asked about, where that is loaded already. */
  let loaded: readonly [unknown] | undefined;
  const loading: Require = function () {
    loads++;
    // biome-ignore lint/complexity/noArguments: as below
    const [given] = loaded ?? [original.apply(this, arguments as never)];
    loaded = undefined;
    return given;
  };
  prototype.require = loading;
  const hook = hookWith(watch.names, onRequire, original);
  const hooked = prototype.require;
  const passing: Require = function (id) {
    // biome-ignore lint/complexity/noArguments: an array of them would be made at every call
    const args = arguments as never;
    if (isUnrelated(id, this.filename)) return original.apply(this, args);
    const seen = isCompileHooked() ? ([original.apply(this, args)] as const) : undefined;
    // The hook resolves anew what it is asked for, which takes longer than all else it does.
    if (seen !== undefined && watch.hasReported(seen[0])) return seen[0];
    const before = loads;
    loaded = seen;
    try {
      const given = hooked.apply(this, args);
      if (loads > before) return given;
    } finally {
      loaded = undefined;
    }
    // What the hook first gave it gives for good, past what a test puts in the place of a client.
    return seen === undefined ? original.apply(this, args) : seen[0];
  };
  Object.defineProperty(passing, "name", { value: original.name });
  prototype.require = passing;
  return () => {
    if (prototype.require === passing) prototype.require = hooked;
    hook.unhook();
    if (prototype.require === loading) prototype.require = original;
  };
}

/** One that throws halfway gives nothing that could undo it. */
function hookWith(names: string[], onRequire: OnRequire, original: Require): RequireHook {
  try {
    return new Hook(names, { internals: true }, onRequire);
  } catch (error) {
    prototype.require = original;
    throw error;
  }
}

/** The file behind what require-in-the-middle passes: the bare package name for a main file, its path after the name for others. */
function requiredFile(exports: unknown, name: string, basedir: string): string | undefined {
  const module = packageFileOf(join(basedir, sep))?.name;
  if (module === undefined) return undefined;
  if (name !== module) return join(basedir, name.slice(module.length + 1));
  try {
    return createRequire(join(basedir, sep)).resolve(name);
  } catch {
    return Object.keys(require.cache).find((filename) => require.cache[filename]?.exports === exports);
  }
}

/**
 * Wraps the step every CommonJS file goes through, because an `import` of one never reaches the hooks on `require`, and gives the undo.
 * @param before takes what is no CommonJS, or not known to be, and gives what to compile
 */
export function hookCompile(
  watch: Watch,
  before: (source: string, filename: string, format: unknown) => string,
): () => void {
  const original = prototype._compile;
  const wrapper: Compile = function _compile(content, filename, ...rest) {
    watch.compiled.add(filename);
    const source = rest[0] === "commonjs" ? content : before(content, filename, rest[0]);
    const result = original.call(this, source, filename, ...rest);
    if (isHooked(watch, filename)) {
      report(watch, filename, this.exports, (value) => {
        this.exports = value;
      });
    }
    return result;
  };
  prototype._compile = wrapper;
  return () => {
    if (prototype._compile === wrapper) prototype._compile = original;
  };
}

/** Reports the files that were loaded before they were hooked. Those of this package are not looked at: none is a client's. */
export function scanLoaded(watch: Watch): void {
  for (const [filename, loaded] of Object.entries(require.cache)) {
    if (!loaded?.loaded || filename.startsWith(OWN) || !isHooked(watch, filename)) continue;
    report(watch, filename, loaded.exports, (value) => {
      loaded.exports = value;
    });
  }
}
