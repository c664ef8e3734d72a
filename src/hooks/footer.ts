import { createRequire } from "node:module";
import { packageFileOf } from "./package-file.js";
import type { HookedModule } from "./watch.js";

const require = createRequire(import.meta.url);

/** Key of the global set of functions that the footers call. Also the mark of a module that already has its footer. */
export const RECEIVERS = "flushguard.es-module-receivers";

/** Reads and assigns a binding of the module, by the name it has there. */
export type Binding = [read: () => unknown, write: (value: unknown) => void];

/** Takes a module that has just been evaluated. Must not throw: it runs inside the module. */
export type Receiver = (url: string, namespace: object, bindings: Record<string, Binding>) => void;

interface LoadResult {
  format?: string | null | undefined;
  source?: unknown;
}

/**
 * Lets a hooked ES module hand itself to the receivers once it has been evaluated, by importing itself on lines after its last one:
 * its own lines and source map stay as they are.
 * @returns the result itself when it is not an ES module of a hooked package
 */
export function withFooter<Result extends LoadResult>(
  result: Result,
  url: string,
  modules: ReadonlyMap<string, HookedModule>,
): Result {
  const { format, source } = result;
  if (format !== "module" || !source) return result;
  // import-in-the-middle asks for a module of its own making under such a URL.
  if (!url.startsWith("file:") || url.includes("iitm=")) return result;
  const at = packageFileOf(url, "/");
  const module = modules.get(at?.name ?? "");
  if (!module?.esm || module.esmFiles?.test(at?.file ?? "") === false) return result;
  const footer = footerOf(url, bindingsOf(module.replaceable ?? []));
  if (typeof source === "string") {
    return source.includes(RECEIVERS) ? result : { ...result, source: source + footer };
  }
  const bytes = ArrayBuffer.isView(source)
    ? Buffer.from(source.buffer, source.byteOffset, source.byteLength)
    : Buffer.from(source as ArrayBuffer);
  return bytes.includes(RECEIVERS) ? result : { ...result, source: Buffer.concat([bytes, Buffer.from(footer)]) };
}

function footerOf(url: string, bindings: string): string {
  const self = JSON.stringify(url);
  return (
    `\n;import*as $flushguardSelf from${self};` +
    `globalThis[Symbol.for(${JSON.stringify(RECEIVERS)})]?.forEach(($flushguardReceive)=>` +
    `$flushguardReceive(${self},$flushguardSelf,{${bindings}}));\n`
  );
}

/** By the names: a package has one list of them, and hundreds of files. */
const known = new WeakMap<readonly string[], string>();

function bindingsOf(names: readonly string[]): string {
  let bindings = known.get(names);
  if (bindings === undefined) {
    bindings = names
      .filter(isAssignable)
      .map((name) => `${name}:[()=>${name},($flushguardValue)=>{${name}=$flushguardValue}]`)
      .join();
    known.set(names, bindings);
  }
  return bindings;
}

/** Whether an assignment to the name can be compiled in a module: a footer with `delete=` would break the whole module. */
function isAssignable(name: string): boolean {
  if (!/^[\p{ID_Start}$_][\p{ID_Continue}$]*$/u.test(name)) return false;
  try {
    const { Script } = require("node:vm") as typeof import("node:vm");
    return Boolean(new Script(`"use strict";async()=>{${name}=0}`));
  } catch {
    return false;
  }
}
