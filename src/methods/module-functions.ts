import type { LoadedFile } from "../hooks/loaded-file.js";

class ModuleFunctions {}

/**
 * Functions of an ES module as an object with methods. What is put into it goes to the module's own bindings, so that the
 * importers see it and calls from within the module as well.
 */
export function moduleFunctions({ exports, replace }: LoadedFile, names: readonly string[]): object {
  const functions = new ModuleFunctions();
  for (const name of names) {
    const value = (exports as Record<string, unknown>)[name];
    if (value === undefined) continue;
    // The binding of a constant cannot be written.
    const writable = replace(name, value);
    Object.defineProperty(functions, name, { value, writable, enumerable: true, configurable: true });
  }
  return new Proxy(functions, {
    defineProperty: (target, name, property) =>
      replace(name as string, property.value) && Reflect.defineProperty(target, name, property),
  });
}

/** Whether they are called on nothing. */
export function isModuleFunctions(holder: object): boolean {
  return holder instanceof ModuleFunctions;
}
