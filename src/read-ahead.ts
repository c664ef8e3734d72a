import { readFileSync } from "node:fs";
import { Module } from "node:module";
import { fileURLToPath } from "node:url";

/** What Node's own `require` makes of the text of a file, and where it keeps what it has loaded (https://nodejs.org/api/modules.html). */
type Compiles = Module & { _compile(text: string, path: string): void };
const { _cache } = Module as unknown as { _cache: NodeJS.Require["cache"] };

/**
 * Reads a file of ours now that runs when it is first asked for: by then a deploy may have replaced it, or the app Node's `fs`.
 * Where another loader than Node's has loaded us, or what is to be run is no chunk, that one loads it, at once.
 * @param require of the file that asks
 * @param load loads it by that
 */
export function readAhead<T>(url: URL, require: NodeJS.Require, load: () => T): () => T {
  const path = fileURLToPath(url);
  let exports = require.cache === _cache && path.endsWith(".cjs") ? undefined : load();
  let text = exports === undefined ? readFileSync(path) : undefined;
  return () => {
    exports ??= compile<T>(path, String(text));
    text = undefined;
    return exports;
  };
}

function compile<T>(path: string, text: string): T {
  const module = new Module(path) as Compiles;
  module.filename = path;
  module._compile(text, path);
  return module.exports as T;
}
