import shimmer from "shimmer";

type Method = (this: unknown, ...args: unknown[]) => unknown;

/**
 * Undoes one patch, if what it put there is still there. Calling it again does nothing.
 * @returns false where somebody else has put something over it since
 */
export type Restore = () => boolean;

/** Why a method cannot be wrapped, or undefined. */
export function obstacle(holder: object, name: string): string | undefined {
  const property = findProperty(holder, name);
  if (property === undefined) return `it has no method "${name}"`;
  if (typeof property.value !== "function") return `"${name}" is not a method`;
  const own = Object.getOwnPropertyDescriptor(holder, name);
  const changeable = own === undefined ? Object.isExtensible(holder) : own.configurable && own.writable;
  return changeable ? undefined : `"${name}" is frozen`;
}

/**
 * Replaces a method by its wrapper, under the same name and length.
 * @param wrapper gives the function to put in the place of the original
 * @throws where `obstacle` would have told
 */
export function wrapMethod(holder: object, name: string, wrapper: (original: Method) => Method): Restore {
  const own = Object.getOwnPropertyDescriptor(holder, name);
  const methods = holder as Record<string, Method>;
  shimmer.wrap(methods, name, (original: Method) => {
    const wrapped = wrapper(original);
    Object.defineProperties(wrapped, {
      name: { value: original.name, configurable: true },
      length: { value: original.length, configurable: true },
    });
    return wrapped;
  });
  const wrapped = methods[name] as Method & { __wrapped?: boolean };
  // OpenTelemetry unwraps whatever carries all of shimmer's marks before it wraps, and would take the guard away:
  // https://github.com/open-telemetry/opentelemetry-js/blob/main/experimental/packages/opentelemetry-instrumentation/src/instrumentation.ts
  delete wrapped.__wrapped;
  return put(holder, name, wrapped, own);
}

/**
 * Puts another function in the place of a method, which stays as it is.
 * @throws where `obstacle` would have told
 */
export function replaceMethod(holder: object, name: string, value: Method): Restore {
  return put(holder, name, value, Object.getOwnPropertyDescriptor(holder, name));
}

function put(holder: object, name: string, value: Method, own: PropertyDescriptor | undefined): Restore {
  Object.defineProperty(holder, name, { writable: true, configurable: true, ...own, value });
  return () => {
    if (Object.getOwnPropertyDescriptor(holder, name)?.value !== value) return false;
    if (own === undefined) delete (holder as Record<string, unknown>)[name];
    else Object.defineProperty(holder, name, own);
    return true;
  };
}

function findProperty(holder: object, name: string): PropertyDescriptor | undefined {
  for (let object: object | null = holder; object !== null; object = Object.getPrototypeOf(object) as object | null) {
    const property = Object.getOwnPropertyDescriptor(object, name);
    if (property !== undefined) return property;
  }
  return undefined;
}
