import { createRequire } from "node:module";
import { API } from "../lib/paths.mjs";

const require = createRequire(import.meta.url);

/**
 * A client as a workload drives it.
 * @typedef {object} Client
 * @property {readonly [object, string]} method the record method that has a role: where it is and its name
 * @property {(calls: number) => void} record makes that many record calls
 * @property {() => Promise<unknown>} flush begins a flush that takes as long as the sink does
 */

const NAMES = Array.from({ length: 8 }, (_, index) => `orders.created.${index}`);
const name = (/** @type {number} */ i) => /** @type {string} */ (NAMES[i & 7]);
const sleep = (/** @type {number} */ ms) => new Promise((resolve) => setTimeout(resolve, ms));

/**
 * Over UDP with buffers of 1400 bytes. A datagram costs a hundred times what a record does, and the calls are what is
 * measured: the socket takes each and sends nothing.
 * @param {number} sinkMs milliseconds the sink takes
 * @returns {Client}
 */
function hotShots(sinkMs) {
  const StatsD = require("hot-shots");
  const options = { host: "127.0.0.1", maxBufferSize: 1400, datadog: false, includeDatadogTelemetry: false };
  const client = new StatsD(options);
  client.socket.send = (/** @type {Buffer} */ packet, /** @type {(error: null, bytes: number) => void} */ sent) => {
    if (sinkMs > 0) setTimeout(sent, sinkMs, null, packet.length);
    else sent(null, packet.length);
  };
  return {
    method: [client, "_send"],
    record(calls) {
      for (let i = 0; i < calls; i++) client.increment(name(i));
    },
    flush: () => new Promise((resolve) => client.flush(resolve)),
  };
}

/**
 * @param {number} sinkMs
 * @returns {Client}
 */
function awsEmbeddedMetrics(sinkMs) {
  const { MetricsLogger } = require("aws-embedded-metrics/lib/logger/MetricsLogger.js");
  const environment = {
    getLogGroupName: () => "bench",
    getName: () => "bench",
    getType: () => "bench",
    configureContext() {},
    getSink: () => ({ accept: () => sleep(sinkMs) }),
  };
  const resolveEnvironment = () => Promise.resolve(environment);
  const logger = new MetricsLogger(resolveEnvironment);
  return {
    method: [logger, "putMetric"],
    record(calls) {
      for (let i = 0; i < calls; i++) logger.putMetric(name(i), i);
    },
    flush: () => logger.flush(),
  };
}

/**
 * @param {number} sinkMs
 * @returns {Client}
 */
function flagsmith(sinkMs) {
  const { AnalyticsProcessor } = require("flagsmith-nodejs");
  const processor = new AnalyticsProcessor({
    analyticsUrl: "http://127.0.0.1/",
    environmentKey: "bench",
    logger: console,
    fetch: () => sleep(sinkMs).then(() => new Response("{}")),
  });
  return {
    method: [processor, "trackFeature"],
    record(calls) {
      for (let i = 0; i < calls; i++) processor.trackFeature(name(i));
    },
    flush: () => processor.flush(),
  };
}

/** The race in its plainest form: the flush reads the buffer, awaits and clears it. */
class ReadAwaitClear {
  total = 0;
  /** @param {number} sinkMs */
  constructor(sinkMs) {
    this.sinkMs = sinkMs;
  }
  /** @param {number} value */
  add(value) {
    this.total += value;
  }
  async flush() {
    await sleep(this.sinkMs);
    this.total = 0;
  }
}

/**
 * A class without a declared buffer, so that its records are held.
 * @param {number} sinkMs
 * @param {boolean} guarded
 * @returns {Promise<Client>}
 */
async function held(sinkMs, guarded) {
  if (guarded) (await import(API)).guard(ReadAwaitClear, { record: ["add"], flush: ["flush"] });
  const client = new ReadAwaitClear(sinkMs);
  return {
    method: [client, "add"],
    record(calls) {
      for (let i = 0; i < calls; i++) client.add(i);
    },
    flush: () => client.flush(),
  };
}

/**
 * A guard that is not there costs nothing: makes sure that what is measured is what the table says.
 * @param {Client} client
 * @param {boolean} guarded
 */
export function expectGuarded({ method }, guarded) {
  const [instance] = method;
  const guardedObjects = globalThis[Symbol.for("flushguard.guarded")];
  if ((guardedObjects?.has(Object.getPrototypeOf(instance)) ?? false) === guarded) return;
  throw new Error(`${instance.constructor.name} is ${guarded ? "not " : ""}guarded`);
}

export const clients = {
  "hot-shots": hotShots,
  "aws-embedded-metrics": awsEmbeddedMetrics,
  "flagsmith-nodejs": flagsmith,
  "guard() on a class": held,
};
