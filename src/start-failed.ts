import { log } from "./log.js";
import { reasonOf } from "./reason-of.js";

/** Says that something was thrown as the guard started. */
export function startFailed(error: unknown): void {
  log.error(`could not start: ${reasonOf(error)}; nothing is guarded`);
}
