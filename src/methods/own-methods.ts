import type { Method } from "./method.js";
import { isModuleFunctions } from "./module-functions.js";

const ARROW = /^(?:async\s*)?(?:\([\s\S]*?\)|[\w$]+)\s*=>/;

/** Whether an object has a method of its own that always works on that object, whatever it is called on: a bound function, an arrow function or a closure. */
export function isFixed(holder: object, name: string): boolean {
  if (isModuleFunctions(holder)) return true;
  // A prototype has no instance to be fixed to.
  if (!Object.hasOwn(holder, name) || Object.hasOwn(holder, "constructor")) return false;
  const method = (holder as Record<string, unknown>)[name];
  if (typeof method !== "function") return false;
  const source = Function.prototype.toString.call(method);
  return method.name.startsWith("bound ") || ARROW.test(source) || !/\b(?:this|super)\b/.test(source);
}

/** A fixed method as one that is called on its instance. */
export function unfixed(instance: object, name: string): Method {
  const method = (instance as Record<string, Method>)[name] as Method;
  const adapter = (...args: unknown[]): unknown => Reflect.apply(method, instance, args);
  // A bound function has no source to tell what it returns; the method of the class that it binds has.
  const bound = method.name === `bound ${name}` ? inherited(instance, name) : undefined;
  return Object.assign(adapter, { __original: bound ?? method });
}

/** A guarded method, fixed to its instance as the original was. */
export function fixed(instance: object, wrapper: Method): Method {
  return (...args) => Reflect.apply(wrapper, instance, args);
}

function inherited(instance: object, name: string): Method | undefined {
  const method = (Object.getPrototypeOf(instance) as Record<string, unknown> | null)?.[name];
  return typeof method === "function" ? (method as Method) : undefined;
}
