/**
 * The timers of Node as they were before the app ran. What it puts in their place (fake timers, here and in `node:timers`) must not
 * keep a drain from ending, or a caller waiting.
 */
export const { setTimeout, setInterval, setImmediate, clearInterval } = globalThis;

/** Waits so many milliseconds. */
export function sleep(ms: number): Promise<void> {
  return new Promise((resolve) => {
    setTimeout(resolve, ms);
  });
}
