/**
 * The timers and clocks of Node as they were before the app ran. What it puts in their place (fake timers, here and in `node:timers`)
 * must not keep a drain from ending, or a caller waiting; nor does it meet a timer of ours among its own.
 */
export const { setTimeout, setInterval, setImmediate, clearTimeout, clearInterval, queueMicrotask } = globalThis;

const { hrtime } = process;

/** Milliseconds, of a clock that nobody sets. `performance`, which has one too, is not there yet as a process starts. */
export function now(): number {
  const [seconds, nanoseconds] = hrtime();
  return seconds * 1000 + nanoseconds / 1e6;
}

/** Milliseconds since 1970. */
export const timeOfDay = Date.now;

/** Lets the other work of the event loop run. */
export function turn(): Promise<void> {
  return new Promise((resolve) => {
    setImmediate(resolve);
  });
}

/** Waits so many milliseconds. */
export function sleep(ms: number): Promise<void> {
  return new Promise((resolve) => {
    setTimeout(resolve, ms);
  });
}
