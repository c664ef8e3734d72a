import { setImmediate as nextTurn, setTimeout as sleep } from "node:timers/promises";
import { httpInFlight } from "../../senders/http-in-flight.mjs";
import { senders } from "../../senders/senders.mjs";
import { startServer } from "../../senders/server.mjs";

const LATENCY_MS = 100;
const RUN_MS = 500;
/** Requests on the way, as many as a pool of connections would carry. More would measure the machine. */
const AT_ONCE = 64;

/**
 * Records as fast as a client goes, with a flush every so many records that nobody waits for.
 * @param {{ client: keyof typeof senders, guarded: boolean }} args
 * @returns records delivered per second, from the first call to the last answer
 */
export default async function throughput({ client, guarded }) {
  const { batch, answer, status, countIn, start } = senders[client];
  const server = await startServer({ latencyMs: LATENCY_MS, answer, status });
  const { record, flush } = await start(server.url);
  const isIdle = async () => {
    await sleep(5);
    return httpInFlight() === 0 && (await server.open()) === 0;
  };
  return async () => {
    const flushes = [];
    let recorded = 0;
    const began = performance.now();
    while (performance.now() - began < RUN_MS) {
      for (let i = 0; i < batch; i++) record(recorded++);
      flushes.push(flush());
      do await nextTurn();
      while (httpInFlight() >= AT_ONCE && performance.now() - began < RUN_MS);
    }
    await Promise.all(flushes);
    // Unguarded, a flush that comes back early has not sent all.
    do await flush();
    while (!(await isIdle()));
    const seconds = (performance.now() - began) / 1000;
    const delivered = (await server.take()).reduce((sum, { body }) => sum + countIn(body), 0);
    if (guarded && delivered !== recorded) throw new Error(`${delivered} of ${recorded} records were delivered`);
    return delivered / seconds;
  };
}
