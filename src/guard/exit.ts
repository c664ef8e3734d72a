import { addProcessListener, removeProcessListener } from "../process-listeners.js";
import type { Guard } from "./guard.js";

/** Guards with something in flight or held. */
export const activeGuards = new Set<Guard>();

function replayAll(): void {
  const guards = [...activeGuards];
  for (const guard of guards) guard.stepAside();
}

/** Makes the held calls before the process ends and releases the locks, ahead of what the clients themselves do then. */
export function replayBeforeExit(): void {
  addProcessListener("beforeExit", replayAll, true);
  addProcessListener("exit", replayAll, true);
}

export function stopReplayingBeforeExit(): void {
  removeProcessListener("beforeExit", replayAll);
  removeProcessListener("exit", replayAll);
}
