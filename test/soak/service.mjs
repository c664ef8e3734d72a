/**
 * An HTTP service with five clients. `GET /N-M` records the values from N up to M with each of them, `GET /state` tells of memory,
 * handles and listeners. What a client gives up is written to the file that DROPPED names, as lines `CLIENT N`.
 */
import { openSync, writeSync } from "node:fs";
import { createServer } from "node:http";
import { createRequire } from "node:module";
import { post } from "../senders/post.mjs";

const require = createRequire(import.meta.url);
const url = process.env.SINK_URL ?? "";
const FLUSH_MS = 250;
// A file is written at once; a pipe may be full.
const file = openSync(process.env.DROPPED ?? "", "a");
const silent = Object.fromEntries(
  ["fatal", "error", "warn", "info", "debug", "trace"].map((level) => [level, () => {}]),
);

/** @param {string} client @param {string} text in which the values are */
function dropped(client, text) {
  writeSync(file, Array.from(text.matchAll(/soak-(\d+)-/g), ([, n]) => `${client} ${n}\n`).join(""));
}

function openSegment() {
  const { Analytics } = require("@segment/analytics-node");
  // Its ten retries would take minutes, which no drain has.
  const client = new Analytics({ writeKey: "soak", host: url, flushAt: 50, flushInterval: 1000, maxRetries: 3 });
  client.on("error", ({ ctx }) => dropped("segment", ctx?.event?.event ?? ""));
  return { record: (name) => client.track({ userId: "u", event: name }), flush: () => client.flush() };
}

function openInflux() {
  const { InfluxDB, Point, setLogger } = require("@influxdata/influxdb-client");
  setLogger(silent);
  const options = {
    batchSize: 200,
    flushInterval: 500,
    maxRetries: 20,
    minRetryDelay: 200,
    maxRetryDelay: 1000,
    writeFailed(_error, lines, attempt) {
      if (attempt > 20) dropped("influx", lines.join("\n"));
    },
  };
  const client = new InfluxDB({ url: `${url}/influx`, writeOptions: options }).getWriteApi("o", "b", "ms", options);
  return { record: (name) => client.writePoint(new Point(name).intField("v", 1)), flush: () => client.flush() };
}

function openSpans() {
  const { BasicTracerProvider, BatchSpanProcessor } = require("@opentelemetry/sdk-trace-base");
  const exporter = {
    export(spans, done) {
      const text = spans.map(({ name }) => name).join("\n");
      post(`${url}/spans`, text).then(
        () => done({ code: 0 }),
        (error) => {
          dropped("spans", text);
          done({ code: 1, error });
        },
      );
    },
    forceFlush: async () => {},
    shutdown: async () => {},
  };
  const processor = new BatchSpanProcessor(exporter, { scheduledDelayMillis: 500, maxQueueSize: 100_000 });
  const provider = new BasicTracerProvider({ spanProcessors: [processor] });
  const tracer = provider.getTracer("soak");
  return { record: (name) => tracer.startSpan(name).end(), flush: () => provider.forceFlush() };
}

function openFlagsmith() {
  const { AnalyticsProcessor } = require("flagsmith-nodejs");
  const options = {
    environmentKey: "soak",
    analyticsUrl: `${url}/flagsmith`,
    requestTimeoutMs: 30_000,
    logger: silent,
  };
  const client = new AnalyticsProcessor(options);
  return { record: (name) => client.trackFeature(name), flush: () => client.flush() };
}

function openStatsd() {
  const StatsD = require("hot-shots");
  const options = { maxBufferSize: 1200, bufferFlushInterval: 300, includeDatadogTelemetry: false };
  const client = new StatsD({ host: "127.0.0.1", port: Number(process.env.SINK_UDP), ...options });
  return { record: (name) => client.increment(name), flush: () => new Promise((done) => client.flush(done)) };
}

const clients = [openSegment(), openInflux(), openSpans(), openFlagsmith(), openStatsd()];
// Overlapping, as a client's own timer and an app's calls are.
setInterval(() => {
  for (const { flush } of clients) flush().catch(() => {});
}, FLUSH_MS).unref();

function state() {
  globalThis.gc?.();
  const listeners = process.eventNames().reduce((sum, name) => sum + process.listenerCount(name), 0);
  return { heap: process.memoryUsage().heapUsed, handles: process.getActiveResourcesInfo().length, listeners };
}

const server = createServer((request, response) => {
  if (request.url === "/state") {
    response.end(JSON.stringify(state()));
    return;
  }
  const [first = 0, end = 0] = (request.url ?? "").slice(1).split("-").map(Number);
  for (let n = first; n < end; n++) for (const { record } of clients) record(`soak-${n}-`);
  response.end("recorded");
});
// A busy machine may leave a connection idle for longer than the default.
server.keepAliveTimeout = 60_000;
server.listen(0, "127.0.0.1", () => writeSync(1, `port ${server.address().port}\n`));
