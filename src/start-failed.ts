import { log } from "./log.js";

/** Says that something was thrown as the guard started. */
export function startFailed(error: unknown): void {
  log.error(`could not start: ${error instanceof Error ? error.message : String(error)}; nothing is guarded`);
}
