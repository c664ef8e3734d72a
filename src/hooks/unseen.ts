import { createRequire, Module } from "node:module";
import { log } from "../log.js";
import { packageNameOf } from "../packages/package-file.js";
import { report } from "./commonjs.js";
import type { Watch } from "./watch.js";

type ResolveFilename = (this: unknown, ...args: unknown[]) => string;

const holder = Module as unknown as { _resolveFilename: ResolveFilename };
const require = createRequire(import.meta.url);

/**
 * Notices CommonJS that Node's ES module loader evaluates with a `require` of its own, where no hook of an older Node can
 * follow; that `require` too asks for the path of what it is to load. Such a file is reported late, and one line says so.
 * @returns the undo
 */
export function noticeUnseen(watch: Watch): () => void {
  const original = holder._resolveFilename;
  const told = new Set<string>();
  // Made now, for what comes later: an app may take `queueMicrotask` away, or `Promise.resolve`.
  const settled = Promise.resolve();
  const check = (filename: string, module: string): void => {
    const loaded = require.cache[filename];
    if (!watch.active || !loaded?.loaded || watch.reported.has(filename)) return;
    report(watch, filename, loaded.exports, (value) => {
      loaded.exports = value;
    });
    if (told.has(module)) return;
    told.add(module);
    log.warn(
      `${module} was loaded past the hooks, by an imported .cts file or a loader that hands out sources: what it did before is ` +
        "not guarded. Use Node 22.22.3, 24.11.1 or later",
    );
  };
  const wrapper: ResolveFilename = function _resolveFilename(...args) {
    const filename = original.apply(this, args);
    const module = /\.(?:json|node)$/.test(filename) ? undefined : packageNameOf(filename);
    if (module !== undefined && watch.modules.has(module) && !watch.reported.has(filename)) {
      void settled.then(() => watch.attempt(filename, () => check(filename, module)));
    }
    return filename;
  };
  holder._resolveFilename = wrapper;
  return () => {
    if (holder._resolveFilename === wrapper) holder._resolveFilename = original;
  };
}
