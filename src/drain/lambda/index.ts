import Module from "node:module";
import { pathToFileURL } from "node:url";
import { log } from "../../log.js";
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
  const wrap = (exports: unknown): unknown => inFront(exports, name.path, (handler) => drainingHandler(handler, drain));
  hookRequire(name, wrap);
  hookImport(name, wrap);
}

/** Gives whoever requires it first, the runtime, an object in front of its exports. */
function hookRequire({ files }: HandlerName, wrap: (exports: unknown) => unknown): void {
  const original = loader._load;
  let done = false;
  const load: Load = function (this: unknown, request, parent, isMain) {
    const exports: unknown = Reflect.apply(original, this, [request, parent, isMain]);
    // The runtime has found the file before, and asks for it by its path.
    if (done || !files.includes(request)) return exports;
    done = true;
    if (loader._load === load) loader._load = original;
    return wrap(exports);
  };
  loader._load = load;
}

/** Gives whoever imports it first a module in front of it. */
function hookImport({ files, path }: HandlerName, wrap: (exports: unknown) => unknown): void {
  Object.defineProperty(globalThis, KEY, {
    configurable: true,
    value: (namespace: Record<string, unknown>) => {
      const [name] = path;
      const fallback = namespace.default as Record<string, unknown> | undefined;
      const exports = { [name]: namespace[name] ?? fallback?.[name] };
      return (wrap(exports) as typeof exports)[name];
    },
  });
  const fronts = Object.fromEntries(
    files.map((file) => [pathToFileURL(file).href, front(pathToFileURL(file).href, path[0])]),
  );
  if (loader.registerHooks === undefined) {
    loader.register(new URL("./loader-thread.js", import.meta.url).href, { data: fronts });
    return;
  }
  let done = false;
  loader.registerHooks({
    resolve(specifier, context, next) {
      const result = next(specifier, context);
      // A `require` comes here too, and has its own way.
      const url = done || !context.conditions.includes("import") ? undefined : fronts[result.url];
      if (url === undefined) return result;
      done = true;
      return { url, format: "module", shortCircuit: true };
    },
  });
}

/** Made of its text alone, so that the module behind it keeps its own URL and nothing has to be loaded for it. */
function front(url: string, name: string): string {
  const behind = JSON.stringify(url);
  const source =
    `import * as behind from ${behind};export * from ${behind};` +
    `const handler = globalThis[Symbol.for(${JSON.stringify(Symbol.keyFor(KEY))})](behind);` +
    `export { handler as ${JSON.stringify(name)} };`;
  return `data:text/javascript,${encodeURIComponent(source)}`;
}
