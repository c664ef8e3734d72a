import shimmer from "shimmer";

type Method = (this: unknown, ...args: unknown[]) => unknown;

/** Undoes one patch, if what it put there is still there. Calling it again does nothing. */
export type Restore = () => void;

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
  if (own !== undefined) Object.defineProperty(holder, name, { ...own, value: wrapped });
  return () => {
    if (Object.getOwnPropertyDescriptor(holder, name)?.value !== wrapped) return;
    if (own === undefined) delete methods[name];
    else Object.defineProperty(holder, name, own);
  };
}

function findProperty(holder: object, name: string): PropertyDescriptor | undefined {
  for (let object: object | null = holder; object !== null; object = Object.getPrototypeOf(object) as object | null) {
    const property = Object.getOwnPropertyDescriptor(object, name);
    if (property !== undefined) return property;
  }
  return undefined;
}
