import { setImmediate as nextTurn } from "node:timers/promises";
import { median } from "../lib/statistics.mjs";
import { clients, expectGuarded } from "./clients.mjs";

const CALLS = 500;
const CHUNKS = 60;

/**
 * Record calls before a flush and during it.
 * @param {{ client: keyof typeof clients, guarded: boolean, sinkMs: number }} args
 * @returns nanoseconds per call, medians of chunks, and the chunk of the slowest calls
 */
export default async function recordDuringFlush({ client, guarded, sinkMs }) {
  const driven = await clients[client](sinkMs, guarded);
  expectGuarded(driven, guarded);
  const { record, flush } = driven;
  const chunk = () => {
    const began = performance.now();
    record(CALLS);
    return ((performance.now() - began) * 1e6) / CALLS;
  };
  const chunks = async () => {
    const took = [];
    for (let i = 0; i < CHUNKS; i++) {
      took.push(chunk());
      await nextTurn();
    }
    return took;
  };
  return async () => {
    const idle = await chunks();
    let inFlight = true;
    const flight = flush().then(() => {
      inFlight = false;
    });
    await nextTurn();
    const during = await chunks();
    if (!inFlight) throw new Error(`the flush was over within ${sinkMs} ms: the sink did not get it`);
    await flight;
    return { idle: median(idle), during: median(during), slowest: Math.max(...during) };
  };
}
