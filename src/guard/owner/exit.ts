import { addProcessCallback, removeProcessCallback } from "../../process-events.js";
import type { Guard } from "./guard.js";

/** Guards with something in flight or held. */
export const activeGuards = new Set<Guard>();

/** What is in flight may never settle, and whoever flushes now must not wait for it. */
function releaseAll(): void {
  const guards = [...activeGuards];
  for (const guard of guards) guard.release();
}

/** Brings back what was kept from flushes before the process ends, ahead of what the clients themselves do then. */
export function releaseBeforeExit(): void {
  addProcessCallback("beforeExit", releaseAll, true);
  addProcessCallback("exit", releaseAll, true);
}

export function stopReleasingBeforeExit(): void {
  removeProcessCallback("beforeExit", releaseAll);
  removeProcessCallback("exit", releaseAll);
}
