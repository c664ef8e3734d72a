import { isReference } from "./owner.js";

type Fields = Record<string, unknown>;

/** What a dotted path of exports leads to, in the module itself or in its default export. */
export function findExport(exports: unknown, path: string | undefined): unknown {
  const roots = rootsOf(exports);
  if (path === undefined) return roots.find((root) => typeof root === "function") ?? exports;
  for (const root of roots) {
    const found = path.split(".").reduce(property, root);
    if (found !== undefined) return found;
  }
  // To `import`, what a CommonJS file exports is its default.
  return path === "default" && typeof exports === "function" ? exports : undefined;
}

/** The object in which a dotted path of exports ends, or undefined where it leads nowhere. */
export function findHolder(exports: unknown, path: string): object | undefined {
  const parents = path.split(".");
  const name = parents.pop() as string;
  const holders = rootsOf(exports).map((root) => parents.reduce(property, root));
  return holders.find((holder) => property(holder, name) !== undefined) as object | undefined;
}

/** The object that has the methods: the prototype of a class, or the instance itself. */
export function methodHolder(value: unknown, methods: readonly string[]): object | undefined {
  if (typeof value === "function") {
    const prototype: unknown = value.prototype;
    if (isObject(prototype) && methods.some((name) => name in prototype)) return prototype;
  }
  return isReference(value) && methods.some((name) => name in value) ? value : undefined;
}

export function isObject(value: unknown): value is object {
  return typeof value === "object" && value !== null;
}

function rootsOf(exports: unknown): unknown[] {
  const fallback = property(exports, "default");
  return [exports, fallback, property(fallback, "default")];
}

function property(object: unknown, name: string): unknown {
  return isReference(object) ? (object as Fields)[name] : undefined;
}
