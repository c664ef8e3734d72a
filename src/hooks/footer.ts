import { createRequire } from "node:module";
import { packageFileOf } from "../packages/package-file.js";
import { RECEIVERS } from "./receivers.js";
import { nameIn } from "./url.js";
import type { HookedModule } from "./watch.js";

const require = createRequire(import.meta.url);

interface LoadResult {
  format?: string | null | undefined;
  source?: unknown;
}

/**
 * Lets a module of a hooked package hand itself to the receivers once it has been evaluated, on lines after its last one: its own
 * lines and source map stay as they are. An ES module imports itself, or names its exports. CommonJS does it too, as not all of it
 * passes Node's CommonJS loader: Node 22 evaluates what a `.cts` file requires elsewhere, and so does every Node where a loader hands
 * out its source.
 * @returns the result itself when it is not of a hooked package
 */
export function withFooter<Result extends LoadResult>(
  result: Result,
  url: string,
  modules: ReadonlyMap<string, HookedModule>,
): Result {
  const { format, source } = result;
  if ((format !== "module" && format !== "commonjs") || !source) return result;
  // import-in-the-middle asks for a module of its own making under such a URL.
  if (!url.startsWith("file:") || url.includes("iitm=")) return result;
  const module = modules.get(nameIn(url) ?? "");
  if (module === undefined) return result;
  if (format === "module" && !(module.esm && isWanted(module, url))) return result;
  const footer = (text: () => string): string =>
    format === "module" ? moduleFooter(url, bindingsOf(module.replaceable ?? []), text) : commonJsFooter(url);
  if (typeof source === "string") {
    return source.includes(RECEIVERS) ? result : { ...result, source: source + footer(() => source) };
  }
  const bytes = ArrayBuffer.isView(source)
    ? Buffer.from(source.buffer, source.byteOffset, source.byteLength)
    : Buffer.from(source as ArrayBuffer);
  return bytes.includes(RECEIVERS)
    ? result
    : { ...result, source: Buffer.concat([bytes, Buffer.from(footer(() => bytes.toString()))]) };
}

function isWanted({ esmFiles }: HookedModule, url: string): boolean {
  const at = packageFileOf(url, "/");
  return esmFiles === undefined || at === undefined || esmFiles.test(at.file);
}

/**
 * A query or a fragment comes from who loads a file anew, and may add another to what the file itself imports: that would be one more
 * module, which would import one more.
 */
function moduleFooter(url: string, bindings: string, text: () => string): string {
  const self = JSON.stringify(url);
  if (/[?#]/.test(url)) return `\n;${handOver(`${self},${ownExports(text())},{${bindings}}`)}\n`;
  return `\n;import*as $flushguardSelf from${self};${handOver(`${self},$flushguardSelf,{${bindings}}`)}\n`;
}

/** Nothing, where a deploy has taken away what finds them. */
function ownExports(text: string): string {
  try {
    const { ownExportsSource } = require("./own-exports.js") as typeof import("./own-exports.js");
    return ownExportsSource(text, isAssignable);
  } catch {
    return "{}";
  }
}

/**
 * A file may have a `module` of its own, which may have no exports. Node finds the names that an `import` can ask for in the text, and
 * at an assignment to `module.exports`, wherever it is, forgets those that are exported from other files.
 */
function commonJsFooter(url: string): string {
  const setExports = "($flushguardValue)=>{module['exports']=$flushguardValue}";
  return `\n;try{${handOver(`${JSON.stringify(url)},module.exports,{},${setExports}`)}}catch{}\n`;
}

function handOver(what: string): string {
  const receivers = `globalThis[Symbol.for(${JSON.stringify(RECEIVERS)})]`;
  return `${receivers}?.forEach(($flushguardReceive)=>$flushguardReceive(${what}));`;
}

/** By the names: a package has one list of them, and hundreds of files. */
const known = new WeakMap<readonly string[], string>();

function bindingsOf(names: readonly string[]): string {
  let bindings = known.get(names);
  if (bindings === undefined) {
    bindings = bindingsSource(names.filter(isAssignable));
    known.set(names, bindings);
  }
  return bindings;
}

/** Source of the record of bindings. */
export function bindingsSource(names: readonly string[]): string {
  return names.map((name) => `${name}:[()=>${name},($flushguardValue)=>{${name}=$flushguardValue}]`).join();
}

/** Whether an assignment to the name can be compiled in a module: a footer with `delete=` would break the whole module. */
function isAssignable(name: string): boolean {
  // Not by \p{ID_Start}, a set that V8 would make as it reads this file: beyond ASCII the compiler knows, but for white space.
  if (!/^[\w$\u0080-\uffff]+$/.test(name) || /\s/.test(name)) return false;
  try {
    const { Script } = require("node:vm") as typeof import("node:vm");
    return Boolean(new Script(`"use strict";async()=>{${name}=0}`));
  } catch {
    return false;
  }
}
