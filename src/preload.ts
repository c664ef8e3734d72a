import { log } from "./log.js";
import { runtime } from "./runtime.js";

/** Guards the clients of this process. Nothing it meets reaches the app. */
export function preload(): void {
  try {
    runtime().enable();
  } catch (error) {
    log.error(`could not start: ${error instanceof Error ? error.message : String(error)}; nothing is guarded`);
  }
}
