import { makeRoom } from "./listener-room.js";

type Listener = () => void;

/** This package's own, by event. */
const ours = { exit: new Set<Listener>(), beforeExit: new Set<Listener>() };

type ProcessEvent = keyof typeof ours;

let giveRoomBack: (() => void) | undefined;

/**
 * Adds a listener to the process that does not count against the app's limit.
 * @param first whether before those that are there
 */
export function addProcessListener(event: ProcessEvent, listener: Listener, first = false): void {
  const emitter: NodeJS.EventEmitter = process;
  ours[event].add(listener);
  giveRoomBack ??= makeRoom(emitter, () => Math.max(ours.exit.size, ours.beforeExit.size));
  if (first) emitter.prependListener(event, listener);
  else emitter.on(event, listener);
}

/** Whether anybody but this package listens. */
export function isHeard(event: ProcessEvent): boolean {
  return process.listenerCount(event) > ours[event].size;
}

/** Removes one, and its room. */
export function removeProcessListener(event: ProcessEvent, listener: Listener): void {
  process.removeListener(event, listener);
  ours[event].delete(listener);
  if (ours.exit.size + ours.beforeExit.size > 0) return;
  giveRoomBack?.();
  giveRoomBack = undefined;
}
