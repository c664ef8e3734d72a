import { addProcessCallback, removeProcessCallback } from "../process-events.js";
import { setImmediate } from "../timers.js";

let hasRunOut = false;

/** Until the loop turns again for something of the app's: a turn of ours would end in another `beforeExit`. */
function runOut(): void {
  hasRunOut = true;
  setImmediate(() => {
    hasRunOut = false;
  }).unref();
}

/** @returns no longer hears of it */
export function hearOfBeforeExit(): () => void {
  addProcessCallback("beforeExit", runOut, true);
  return () => removeProcessCallback("beforeExit", runOut);
}

/** Whether what listeners of `exit` and `beforeExit` begin has promise reactions alone, and no turns of the event loop. */
export function isEnding(): boolean {
  return hasRunOut || (process as { _exiting?: unknown })._exiting === true;
}
