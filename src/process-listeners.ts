import { EventEmitter } from "node:events";

type Listener = () => void;

/** This package's own, by event. */
const ours = { exit: new Set<Listener>(), beforeExit: new Set<Listener>() };

type ProcessEvent = keyof typeof ours;

/** Where Node keeps the limit, which it looks at whenever a listener is added (https://github.com/nodejs/node/blob/v22.12.0/lib/events.js). */
const FIELD = "_maxListeners";
/** What the app has set it to. */
let limit: number | undefined;

/** The limit of the app, and room for ours. No limit, which is 0, stays none. */
function limitWithOurs(): number {
  const own = limit ?? EventEmitter.defaultMaxListeners;
  return own > 0 ? own + Math.max(ours.exit.size, ours.beforeExit.size) : own;
}

function setLimit(value: number | undefined): void {
  limit = value;
}

function makeRoom(): void {
  const field = Object.getOwnPropertyDescriptor(process, FIELD);
  if (!field?.writable) return;
  limit = field.value;
  Reflect.defineProperty(process, FIELD, { get: limitWithOurs, set: setLimit, enumerable: true, configurable: true });
}

function giveRoomBack(): void {
  if (Object.getOwnPropertyDescriptor(process, FIELD)?.get !== limitWithOurs) return;
  Reflect.defineProperty(process, FIELD, { value: limit, writable: true, enumerable: true, configurable: true });
}

/**
 * Adds a listener to the process that does not count against the app's limit, also where the app sets one later: Node warns
 * of a leak when it would without this package.
 * @param first whether before those that are there
 */
export function addProcessListener(event: ProcessEvent, listener: Listener, first = false): void {
  const emitter: NodeJS.EventEmitter = process;
  ours[event].add(listener);
  makeRoom();
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
  if (ours.exit.size + ours.beforeExit.size === 0) giveRoomBack();
}
