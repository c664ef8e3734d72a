import shimmer from "shimmer";
import { didYouMean } from "../config/did-you-mean.js";
import type { Method } from "./method.js";
import { type Removable, removable } from "./removable.js";

/**
 * Undoes one patch, if what it put there is still there. Calling it again does nothing.
 * @returns false where somebody else has put something over it since
 */
export type Restore = () => boolean;

/** Why a method cannot be wrapped, or undefined. */
export function obstacle(holder: object, name: string): string | undefined {
  const property = findProperty(holder, name);
  if (property === undefined) return `it has no method "${name}"${meant(name, holder)}`;
  if (typeof property.value !== "function") return `"${name}" is not a method`;
  const own = Object.getOwnPropertyDescriptor(holder, name);
  const changeable = own === undefined ? Object.isExtensible(holder) : own.configurable && own.writable;
  return changeable ? undefined : `"${name}" is frozen`;
}

/**
 * Replaces a method by its wrapper, under the same name and length.
 * @param wrapper gives the function to put in the place of the original, or undefined where that must stay
 * @returns the undo, or undefined where the original has stayed
 * @throws where `obstacle` would have told
 */
export function wrapMethod(
  holder: object,
  name: string,
  wrapper: (original: Method) => Method | undefined,
): Restore | undefined {
  const own = Object.getOwnPropertyDescriptor(holder, name);
  const original = (holder as Record<string, Method>)[name] as Method;
  const beneath = removable(original);
  const wrapped = wrapper(beneath?.call ?? original);
  if (wrapped === undefined) return undefined;
  Object.defineProperties(wrapped, {
    name: { value: original.name, configurable: true },
    length: { value: original.length, configurable: true },
  });
  // What the app has put on the original, the counts of a spy say, is read there; and it is an AsyncFunction where that is one.
  Object.setPrototypeOf(wrapped, original);
  // The holder may lack what shimmer asks of one, as an object without a prototype does.
  shimmer.wrap({ [name]: original }, name, () => wrapped);
  // OpenTelemetry unwraps whatever carries all of shimmer's marks before it wraps, and would take the guard away:
  // https://github.com/open-telemetry/opentelemetry-js/blob/main/experimental/packages/opentelemetry-instrumentation/src/instrumentation.ts
  Object.defineProperty(wrapped, "__wrapped", { value: false, configurable: true, writable: true });
  // When it is switched off it unwraps whatever it finds in the place of its own wrapper.
  Object.defineProperty(wrapped, "__unwrap", { value: () => beneath?.remove(), configurable: true, writable: true });
  return put(holder, name, wrapped, own, beneath);
}

/**
 * Puts another function in the place of a method, which stays as it is.
 * @throws where `obstacle` would have told
 */
export function replaceMethod(holder: object, name: string, value: Method): Restore {
  return put(holder, name, value, Object.getOwnPropertyDescriptor(holder, name));
}

function put(
  holder: object,
  name: string,
  value: Method,
  own: PropertyDescriptor | undefined,
  beneath?: Removable,
): Restore {
  Object.defineProperty(holder, name, { writable: true, configurable: true, ...own, value });
  return () => {
    if (Object.getOwnPropertyDescriptor(holder, name)?.value !== value) return false;
    if (own === undefined) delete (holder as Record<string, unknown>)[name];
    else Object.defineProperty(holder, name, beneath === undefined ? own : { ...own, value: beneath.current() });
    return true;
  };
}

/** Which of the methods that are there is meant. */
function meant(name: string, holder: object): string {
  const names = new Set<string>();
  for (let object: object | null = holder; object !== null; object = Object.getPrototypeOf(object) as object | null) {
    if (object === Object.prototype || object === Function.prototype) break;
    for (const one of Object.getOwnPropertyNames(object)) if (one !== "constructor") names.add(one);
  }
  return didYouMean(name, names);
}

export function findProperty(holder: object, name: string): PropertyDescriptor | undefined {
  for (let object: object | null = holder; object !== null; object = Object.getPrototypeOf(object) as object | null) {
    const property = Object.getOwnPropertyDescriptor(object, name);
    if (property !== undefined) return property;
  }
  return undefined;
}
