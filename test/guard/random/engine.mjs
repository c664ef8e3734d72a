import { resolve } from "node:path";
import { pathToFileURL } from "node:url";

/** How long a flush of a program may take before the guard gives it up, in virtual time. */
export const FLUSH_TIMEOUT_MS = 2000;

/**
 * The package, as an app imports it.
 * @param dist its folder of built files
 */
export async function engineOf(dist) {
  process.env.FLUSHGUARD_FLUSH_TIMEOUT_MS = String(FLUSH_TIMEOUT_MS);
  process.env.FLUSHGUARD_LOG ??= "silent";
  delete process.env.FLUSHGUARD;
  const { guard, disable, enable } = await import(pathToFileURL(resolve(dist, "src/index.js")).href);
  return {
    guard,
    disable,
    enable,
    /** As Node does when the loop has run out. Nobody else in this process may be told. */
    ends: () => {
      for (const event of ["beforeExit", "exit"]) {
        const others = process.rawListeners(event);
        process.removeAllListeners(event);
        process.emit(event, 0);
        for (const listener of others) process.on(event, listener);
      }
    },
  };
}
