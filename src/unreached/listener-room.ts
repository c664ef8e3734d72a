import { EventEmitter } from "node:events";

/** Where Node keeps the limit, which it looks at whenever a listener is added (https://github.com/nodejs/node/blob/v22.12.0/lib/events.js). */
const FIELD = "_maxListeners";

/**
 * Makes an emitter of the app warn of a leak when it would without the listeners of this package: its limit is the app's, also
 * where the app sets one later, and room for ours. No limit, which is 0, stays none.
 * @param ours how many listeners of ours an event has at most
 * @returns gives the room back
 */
export function makeRoom(emitter: NodeJS.EventEmitter, ours: () => number): () => void {
  const field = Object.getOwnPropertyDescriptor(emitter, FIELD);
  if (!field?.writable) return () => {};
  let limit: number | undefined = field.value;
  const get = (): number => {
    const own = limit ?? EventEmitter.defaultMaxListeners;
    return own > 0 ? own + ours() : own;
  };
  const set = (value: number | undefined): void => {
    limit = value;
  };
  Reflect.defineProperty(emitter, FIELD, { get, set, enumerable: true, configurable: true });
  return () => {
    if (Object.getOwnPropertyDescriptor(emitter, FIELD)?.get !== get) return;
    Reflect.defineProperty(emitter, FIELD, { value: limit, writable: true, enumerable: true, configurable: true });
  };
}
