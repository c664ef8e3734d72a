import { setImmediate as nextTurn } from "node:timers/promises";
import { clients, expectGuarded } from "./clients.mjs";

const CALLS = 3000;

/**
 * Record calls on a client with nothing in flight.
 * @param {{ client: keyof typeof clients, guarded: boolean }} args
 */
export default async function recordCall({ client, guarded }) {
  const driven = await clients[client](2, guarded);
  expectGuarded(driven, guarded);
  const { record, flush } = driven;
  return async () => {
    // As between the flushes of an app, with records during each: the calls measured run code that has seen both.
    const flight = flush();
    await nextTurn();
    record(CALLS / 10);
    await flight;
    // Guarded, those records are still there.
    await flush();
    const began = performance.now();
    record(CALLS);
    return ((performance.now() - began) * 1e6) / CALLS;
  };
}
