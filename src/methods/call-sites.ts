interface Frames {
  stackTraceLimit: number;
  prepareStackTrace: unknown;
}

/**
 * Looks at the calls that are being made, the newest first, and leaves no trace of it in what an app has set for its own errors.
 * @param below the function whose newest call, and all that it has led to, are left out
 * @param most so many calls at most
 * @returns false where they cannot be seen
 */
export function lookAtCalls(
  below: (...args: never[]) => unknown,
  most: number,
  look: (sites: readonly NodeJS.CallSite[]) => void,
): boolean {
  const errors = Error as unknown as Frames & ErrorConstructor;
  const limit = Object.getOwnPropertyDescriptor(errors, "stackTraceLimit");
  const prepare = Object.getOwnPropertyDescriptor(errors, "prepareStackTrace");
  const value = (_: unknown, sites: readonly NodeJS.CallSite[]): string => {
    look(sites);
    return "";
  };
  try {
    Object.defineProperty(errors, "stackTraceLimit", { value: most, writable: true, configurable: true });
    Object.defineProperty(errors, "prepareStackTrace", { value, writable: true, configurable: true });
    const trace: { stack?: string } = {};
    Error.captureStackTrace(trace, below);
    void trace.stack;
    return true;
  } catch {
    // Its properties are frozen.
    return false;
  } finally {
    restore(errors, "stackTraceLimit", limit);
    restore(errors, "prepareStackTrace", prepare);
  }
}

function restore(errors: object, name: string, property: PropertyDescriptor | undefined): void {
  if (property === undefined) Reflect.deleteProperty(errors, name);
  else Reflect.defineProperty(errors, name, property);
}
