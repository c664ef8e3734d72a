import { createRequire } from "node:module";
import { setImmediate as nextTurn, setTimeout as sleep } from "node:timers/promises";

const require = createRequire(import.meta.url);

const LATENCY_MS = 100;
const RUN_MS = 500;
/** Batches on the way, as many as a pool of connections would carry. More would measure the machine. */
const AT_ONCE = 64;

/** @typedef {{ batch: number, record: (i: number) => void, flush: () => Promise<unknown> }} Client */

/**
 * @param {(records: number) => void} delivered called when records have been acknowledged
 * @returns {Client}
 */
function datadogMetrics(delivered) {
  const { BufferedMetricsLogger } = require("datadog-metrics");
  const reporter = {
    async report(/** @type {{ points: [number, number][] }[]} */ series) {
      await sleep(LATENCY_MS);
      for (const { points } of series) for (const [, count] of points) delivered(count);
    },
  };
  const logger = new BufferedMetricsLogger({ reporter, flushIntervalSeconds: 0 });
  return { batch: 20, record: (i) => logger.increment(`orders.created.${i}`), flush: () => logger.flush() };
}

/**
 * @param {(records: number) => void} delivered
 * @returns {Client}
 */
function hotShots(delivered) {
  const StatsD = require("hot-shots");
  const options = { host: "127.0.0.1", maxBufferSize: 1400, datadog: false, includeDatadogTelemetry: false };
  const client = new StatsD(options);
  client.socket.send = (/** @type {Buffer} */ packet, /** @type {(error: null, bytes: number) => void} */ sent) => {
    setTimeout(() => {
      delivered(packet.toString().split("\n").length);
      sent(null, packet.length);
    }, LATENCY_MS);
  };
  return {
    batch: 500,
    record: (i) => client.increment(`orders.created.${i}`),
    flush: () => new Promise((resolve) => client.flush(resolve)),
  };
}

const clients = { "datadog-metrics": datadogMetrics, "hot-shots": hotShots };

/**
 * Records as fast as a client goes.
 * @param {{ client: keyof typeof clients }} args
 * @returns records per second, from the first call to the last acknowledgement
 */
export default function throughput({ client }) {
  let delivered = 0;
  const driven = clients[client]((records) => {
    delivered += records;
  });
  return async () => {
    delivered = 0;
    const flights = new Set();
    let recorded = 0;
    const began = performance.now();
    while (performance.now() - began < RUN_MS) {
      for (let i = 0; i < driven.batch; i++) driven.record(recorded++ & 15);
      const flight = driven.flush().finally(() => flights.delete(flight));
      flights.add(flight);
      if (flights.size >= AT_ONCE) await Promise.race(flights);
      else await nextTurn();
    }
    await Promise.all(flights);
    const seconds = (performance.now() - began) / 1000;
    if (delivered !== recorded) throw new Error(`${delivered} of ${recorded} records were delivered`);
    return recorded / seconds;
  };
}
