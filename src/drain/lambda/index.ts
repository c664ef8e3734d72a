import { realpathSync } from "node:fs";
import Module from "node:module";
import { pathToFileURL } from "node:url";
import { log } from "../../log.js";
import { reasonOf } from "../../reason-of.js";
import { type DrainFor, drainingHandler } from "./handler.js";
import { type HandlerName, handlerName } from "./handler-name.js";
import { inFront } from "./in-front.js";

type Load = (request: string, parent: unknown, isMain: boolean) => unknown;
type Resolve = (
  specifier: string,
  context: { conditions: readonly string[] },
  next: (specifier: string, context: object) => { url: string },
) => object;

interface Loader {
  _load: Load;
  registerHooks?(hooks: { resolve: Resolve }): void;
  register(url: string, options: { data: unknown }): void;
}

const loader = Module as unknown as Loader;
/** Where the module in front of an ES module finds what wraps its handler. */
const KEY = Symbol.for("flushguard.lambda-handler");

/** Wraps the function's handler as the runtime loads it, which it does once. */
export function wrapHandler(drain: DrainFor): void {
  const name = handlerName(process.env, process.argv[2]);
  if (name === undefined) {
    log.warn("FLUSHGUARD_DRAIN: lambda: _HANDLER names no handler, so none is drained");
    return;
  }
  const handler = new Handler(name, drain);
  hookRequire(handler);
  hookImport(handler);
}

/** What whoever loads it first is given, the runtime: the app may load it too. */
class Handler {
  isLoaded = false;

  constructor(
    readonly name: HandlerName,
    private readonly drain: DrainFor,
  ) {}

  /** @returns an object in front of each that it may be in, or these where it is loaded already */
  load(...exported: unknown[]): unknown[] {
    if (this.isLoaded) return exported;
    this.isLoaded = true;
    try {
      return exported.map((exports) => inFront(exports, this.name.path, (one) => drainingHandler(one, this.drain)));
    } catch (error) {
      // An accessor, say, that throws: the runtime may fare better.
      log.warn(`FLUSHGUARD_DRAIN: lambda: the handler is not drained: ${reasonOf(error)}`);
      return exported;
    }
  }
}

function hookRequire(handler: Handler): void {
  const original = loader._load;
  const load: Load = function (this: unknown, request, parent, isMain) {
    const exports: unknown = Reflect.apply(original, this, [request, parent, isMain]);
    // The runtime has found the file before, and asks for it by its path; an `import` has no parent, and its own way.
    if (parent === undefined || !handler.name.files.includes(request)) return exports;
    if (loader._load === load) loader._load = original;
    return handler.load(exports)[0];
  };
  loader._load = load;
}

/** Gives whoever imports it first a module in front of it. */
function hookImport(handler: Handler): void {
  const { files, path } = handler.name;
  const [name] = path;
  Object.defineProperty(globalThis, KEY, {
    configurable: true,
    // The runtime looks for it among the exports, and since 4 in the default one.
    value: (exports: Record<string, unknown>) => {
      const [named, standard] = handler.load(exports, exports.default);
      return [(named as typeof exports)[name], standard];
    },
  });
  const urls = files.flatMap((file) => [file, realPath(file)]).map((file) => pathToFileURL(file).href);
  const fronts = Object.fromEntries(urls.map((url) => [url, front(url, name)]));
  if (loader.registerHooks === undefined) {
    loader.register(new URL("./loader-thread.js", import.meta.url).href, { data: fronts });
    return;
  }
  let isInFront = false;
  loader.registerHooks({
    resolve(specifier, context, next) {
      const result = next(specifier, context);
      // A `require` comes here too, and has its own way.
      const isSought = !handler.isLoaded && !isInFront && context.conditions.includes("import");
      const url = isSought ? fronts[result.url] : undefined;
      if (url === undefined) return result;
      isInFront = true;
      return { url, format: "module", shortCircuit: true };
    },
  });
}

/** Node resolves what it imports to this, unless it preserves symbolic links. */
function realPath(file: string): string {
  try {
    return realpathSync(file);
  } catch {
    return file;
  }
}

/** Made of its text alone, so that the module behind it keeps its own URL and nothing has to be loaded for it. */
function front(url: string, name: string): string {
  const behind = JSON.stringify(url);
  const source =
    `import * as behind from ${behind};export * from ${behind};` +
    `const [handler, standard] = globalThis[Symbol.for(${JSON.stringify(Symbol.keyFor(KEY))})](behind);` +
    `export { handler as ${JSON.stringify(name)}${name === "default" ? "" : ", standard as default"} };`;
  return `data:text/javascript,${encodeURIComponent(source)}`;
}
