import { nearestPackageOf, outsideFileOf } from "../packages/outside.js";
import { packageFileOf, packageNameOf } from "../packages/package-file.js";
import { replaceProperty } from "./replace-property.js";
import type { HookedFile, Watch } from "./watch.js";

/** Reads and assigns a binding of an ES module, by the name it has there. */
export type Binding = [read: () => unknown, write: (value: unknown) => void];

/**
 * Reports a CommonJS file.
 * @param setExports takes a new value for the whole of `module.exports`; absent where importers have their copy of it
 */
export function reportCommonJs(
  watch: Watch,
  at: HookedFile,
  exports: unknown,
  setExports: ((value: unknown) => void) | undefined,
): void {
  let current = exports;
  watch.report(at, "commonjs", exports, (name, value) => {
    if (name !== "") return replaceProperty(current, name, value);
    if (setExports === undefined) return false;
    setExports(value);
    current = value;
    return true;
  });
}

/** Reports an ES module. */
export function reportModule(
  watch: Watch,
  at: HookedFile,
  namespace: object,
  bindings: Readonly<Record<string, Binding>>,
): void {
  watch.report(at, "module", namespace, (name, value) => assign(namespace, name, bindings[name], value));
}

/** The file of a hooked package that is at a path, if it is one. */
export function hookedFileAt(watch: Watch, path: string): HookedFile | undefined {
  return isHooked(watch, path) ? (packageFileOf(path) ?? outsideFileOf(path)) : undefined;
}

/** Whether a path is one of a hooked package. */
export function isHooked(watch: Watch, path: string): boolean {
  const name = packageNameOf(path) ?? nearestPackageOf(path)?.name;
  return name !== undefined && watch.modules.has(name);
}

/** Assigns the module's own binding, when it is the exported one: a missing binding could be a global of the same name. */
function assign(namespace: object, name: string, binding: Binding | undefined, value: unknown): boolean {
  if (!binding) return false;
  const exported = namespace as Record<string, unknown>;
  const [read, write] = binding;
  try {
    const before = read();
    if (exported[name] !== before) return false;
    write(value);
    if (exported[name] === value) return true;
    write(before);
  } catch {
    // A constant, or no such binding.
  }
  return false;
}
