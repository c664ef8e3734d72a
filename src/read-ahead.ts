import { readFileSync } from "node:fs";
import Module from "node:module";
import { fileURLToPath } from "node:url";

/** What `require` does with the text of a file (https://nodejs.org/api/modules.html#the-module-wrapper). */
type Compiles = Module & { _compile(text: string, path: string): void };

/**
 * Reads a file of ours now that is loaded when it is first asked for: by then a deploy may have removed or replaced it.
 * @param load loads it, where it is as it was
 */
export function readAhead<T>(url: URL, load: () => T): () => T {
  const path = fileURLToPath(url);
  const text = readFileSync(path);
  let exports: T | undefined;
  return () => {
    exports ??= isAsItWas(path, text) ? load() : compile<T>(path, text.toString());
    return exports;
  };
}

function isAsItWas(path: string, text: Buffer): boolean {
  try {
    return readFileSync(path).equals(text);
  } catch {
    return false;
  }
}

function compile<T>(path: string, text: string): T {
  const module = new Module(path) as Compiles;
  module.filename = path;
  module._compile(text, path);
  return module.exports as T;
}
