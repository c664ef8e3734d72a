/** Calls that are followed and have not settled. */
let followed = 0;
/** None of those has gone on since its call: what they await continues after the microtask that was queued before the first. */
let isFresh = false;

/** The name that tells a stack trace where code belongs: nothing else in a process is called so. */
const FRAME = "flushguardFlight";
/** A flight that hides deeper in the stack than this is not found. */
const FRAMES = 200;

/** What a flight does when its promise has settled. */
export interface Ending {
  /** Called at once. */
  ended(error?: { cause: unknown }): void;
  /** What else its caller waits for; never rejects. Undefined: nothing. */
  rest(): Promise<unknown> | undefined;
}

/** Waits for what `runInside` has returned. */
export function followFlight(promise: Promise<unknown>, ending: Ending): Promise<unknown> {
  return flushguardFlight(promise, ending);
}

/** Waits for what another call has returned, which may have gone on before its call returned. */
export function followCall(promise: Promise<unknown>, ending: Ending): Promise<unknown> {
  isFresh = false;
  return flushguardFlight(promise, ending);
}

/**
 * V8 keeps, for what is awaited by an async function, the way back to it: its name in an async stack trace tells code that was
 * started inside a flight from other code, without an AsyncLocalStorage, which makes every await of the process dearer before
 * Node 24.
 */
async function flushguardFlight(promise: Promise<unknown>, ending: Ending): Promise<unknown> {
  let value: unknown;
  followed++;
  try {
    value = await promise;
  } catch (cause) {
    followed--;
    ending.ended({ cause });
    const waits = ending.rest();
    if (waits !== undefined) await waits;
    throw cause;
  }
  followed--;
  ending.ended();
  const waits = ending.rest();
  if (waits !== undefined) await waits;
  return value;
}

/** Makes a call of a flight. */
export function runInside<T>(call: () => T): T {
  if (followed === 0 && !isFresh) {
    isFresh = true;
    void Promise.resolve().then(() => {
      isFresh = false;
    });
  }
  return call();
}

/**
 * Whether the running code goes on for a flight, of any owner. Waiting for a flight from inside one can wait for itself. Of
 * those whose calls are on the stack still only the owner's own can: what else is in flight began before them.
 * Not told from code that runs in a plain callback.
 */
export function isInsideFlight(): boolean {
  return followed > 0 && !isFresh && awaitedByFlight();
}

interface Frames {
  stackTraceLimit: number;
  prepareStackTrace: unknown;
}

function awaitedByFlight(): boolean {
  const errors = Error as unknown as Frames & ErrorConstructor;
  const limit = Object.getOwnPropertyDescriptor(errors, "stackTraceLimit");
  const prepare = Object.getOwnPropertyDescriptor(errors, "prepareStackTrace");
  let found = false;
  try {
    Object.defineProperty(errors, "stackTraceLimit", { value: FRAMES, writable: true, configurable: true });
    Object.defineProperty(errors, "prepareStackTrace", { value: look, writable: true, configurable: true });
    const trace: { stack?: string } = {};
    Error.captureStackTrace(trace, isInsideFlight);
    void trace.stack;
  } catch {
    // Its properties are frozen. As nothing is told apart, nothing waits.
    return true;
  } finally {
    restore(errors, "stackTraceLimit", limit);
    restore(errors, "prepareStackTrace", prepare);
  }
  return found;

  function look(_: unknown, frames: NodeJS.CallSite[]): string {
    found = frames.some((frame) => frame.getFunctionName() === FRAME && isAwaiting(frame));
    return "";
  }
}

/** A flight that has just ended is on the stack itself: what it begins then is not inside it. */
function isAwaiting(frame: NodeJS.CallSite): boolean {
  return (frame as NodeJS.CallSite & { isAsync(): boolean }).isAsync();
}

function restore(errors: object, name: string, property: PropertyDescriptor | undefined): void {
  if (property === undefined) Reflect.deleteProperty(errors, name);
  else Reflect.defineProperty(errors, name, property);
}
