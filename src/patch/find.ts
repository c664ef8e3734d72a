type Fields = Record<string, unknown>;

/** What a dotted path of exports leads to, in the module itself or in its default export. */
export function findExport(exports: unknown, path: string | undefined): unknown {
  const roots = [exports, property(exports, "default"), property(property(exports, "default"), "default")];
  if (path === undefined) return roots.find((root) => typeof root === "function") ?? exports;
  for (const root of roots) {
    const found = path.split(".").reduce(property, root);
    if (found !== undefined) return found;
  }
  return undefined;
}

/** The object that has the methods: the prototype of a class, or the instance itself. */
export function methodHolder(value: unknown, methods: readonly string[]): object | undefined {
  if (typeof value === "function") {
    const prototype: unknown = value.prototype;
    if (isObject(prototype) && methods.some((name) => name in prototype)) return prototype;
  }
  if ((isObject(value) || typeof value === "function") && methods.some((name) => name in value)) return value;
  return undefined;
}

export function isObject(value: unknown): value is object {
  return typeof value === "object" && value !== null;
}

function property(object: unknown, name: string): unknown {
  if (!isObject(object) && typeof object !== "function") return undefined;
  return (object as Fields)[name];
}
