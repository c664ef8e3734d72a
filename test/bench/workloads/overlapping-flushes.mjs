import { API } from "../lib/paths.mjs";

const FLUSHES = 5_000;

/** Takes its batch out of the buffer before it first waits. */
class Detaching {
  /** @type {number[]} */
  buffer = [];
  /** @type {(() => void)[]} */
  answers = [];
  /** @param {number} value */
  record(value) {
    this.buffer.push(value);
  }
  async flush() {
    this.buffer = [];
    await new Promise((resolve) => this.answers.push(() => resolve(undefined)));
  }
}

/**
 * Flushes that are all in flight together.
 * @param {{ guarded: boolean, what: "time" | "memory" }} args
 * @returns nanoseconds for each, from its call until it has settled, or bytes of heap while all are in flight
 */
export default async function overlappingFlushes({ guarded, what }) {
  if (guarded) {
    const { guard } = await import(API);
    guard(Detaching, { record: ["record"], flush: ["flush"], batch: "detached" });
  }
  return async () => {
    const client = new Detaching();
    const before = what === "memory" ? heap() : 0;
    const began = performance.now();
    /** @type {Promise<void>[]} */
    const flights = [];
    for (let i = 0; i < FLUSHES; i++) {
      client.record(i);
      flights.push(client.flush());
    }
    const during = what === "memory" ? heap() - before : 0;
    for (const answer of client.answers) answer();
    await Promise.all(flights);
    return what === "memory" ? during / FLUSHES : ((performance.now() - began) * 1e6) / FLUSHES;
  };
}

function heap() {
  for (let i = 0; i < 3; i++) globalThis.gc?.();
  return process.memoryUsage().heapUsed;
}
