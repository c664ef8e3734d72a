import type { LoadedFile } from "../hooks/loaded-file.js";
import { findExport, findHolder, isObject, methodHolder } from "../methods/find-export.js";
import type { Method } from "../methods/method.js";
import { isPromise } from "../methods/promises.js";
import { neededOf } from "../methods/senders.js";
import { obstacle, type Restore, replaceMethod } from "../methods/wrap-method.js";
import type { Target } from "../target.js";

/**
 * A factory that shows what it makes before it gives it out. All else about the function stays as it is, properties
 * and `new` included.
 */
function watchFactory(factory: Method, made: (result: unknown) => void): Method {
  const show = (result: unknown): unknown => {
    if (isPromise(result)) result.then(show, () => {});
    else made(result);
    return result;
  };
  return new Proxy(factory, {
    apply: (target, receiver, args) => show(Reflect.apply(target, receiver, args)),
    construct: (target, args, newTarget) => show(Reflect.construct(target, args, newTarget)) as object,
  });
}

/** A function of a module, and the one that takes its place. */
export interface Factory {
  original: Method;
  watched: Method;
  /** @returns the undo, or undefined where the original must stay */
  replace(): Restore | undefined;
}

/**
 * Finds what a target names as its factory.
 * @param path name of an export, dotted or not, or `Class#method`
 * @param made takes what each call gives, or its promise settles with
 */
export function findFactory(loaded: LoadedFile, path: string, made: (result: unknown) => void): Factory | undefined {
  const [exported, method] = path.split("#") as [string, string?];
  const value = findExport(loaded.exports, exported);
  const prototype = property(value, "prototype");
  const original = (method === undefined ? value : property(prototype, method)) as Method | undefined;
  if (typeof original !== "function") return undefined;
  const watched = watchFactory(original, made);
  const name = method ?? (exported.split(".").at(-1) as string);
  const holder = method === undefined ? findHolder(loaded.exports, exported) : (prototype as object);
  if (holder === undefined) return { original, watched, replace: () => replaceExport(loaded, "", original, watched) };
  if (holder === loaded.exports) {
    return { original, watched, replace: () => replaceExport(loaded, name, original, watched) };
  }
  return { original, watched, replace: () => replaceIn(holder, name, watched) };
}

/**
 * The object whose methods are those of what a factory has made: its prototype, or itself where they are its own
 * properties, as bound ones are.
 * @returns undefined where it is no object, or has no such part, or one of another kind
 */
export function madeHolder(product: unknown, target: Target): { holder: object; isInstance: boolean } | undefined {
  const { part } = target;
  const methods = neededOf(target);
  const found = part === undefined ? product : findExport(product, part);
  const made = part === undefined || !isObject(found) ? found : methodHolder(found, methods);
  if (!isObject(made)) return undefined;
  const isInstance = methods.some((name) => Object.hasOwn(made, name));
  return { holder: isInstance ? made : (Object.getPrototypeOf(made) as object), isInstance };
}

function replaceIn(holder: object, name: string, watched: Method): Restore | undefined {
  return obstacle(holder, name) === undefined ? replaceMethod(holder, name, watched) : undefined;
}

function replaceExport(loaded: LoadedFile, name: string, original: Method, watched: Method): Restore | undefined {
  if (!loaded.replace(name, watched)) return undefined;
  return () => {
    if (name !== "" && property(loaded.exports, name) !== watched) return false;
    return loaded.replace(name, original);
  };
}

function property(object: unknown, name: string): unknown {
  return (object as Record<string, unknown> | null | undefined)?.[name];
}
