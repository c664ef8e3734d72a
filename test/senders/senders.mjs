import { createRequire } from "node:module";
import { post } from "./post.mjs";

const require = createRequire(import.meta.url);

/**
 * A client that promises a flush, as the workload drives it.
 * @typedef {object} Sender
 * @property {number} batch records before each flush
 * @property {string} [answer] what its server answers
 * @property {number} [status]
 * @property {(body: string) => number} countIn how many records a request carries
 * @property {(url: string) => Promise<Driven> | Driven} start
 */

/** @typedef {{ record: (i: number) => void, flush: () => Promise<unknown>, close?: () => Promise<unknown> }} Driven */

/** What every record has in its request. */
export const ITEM = "orders.created";
const NAMES = Array.from({ length: 16 }, (_, i) => `${ITEM}.${i}`);
const name = (/** @type {number} */ i) => /** @type {string} */ (NAMES[i & 15]);
const items = (/** @type {string} */ body) => body.split(ITEM).length - 1;
const sum = (/** @type {Record<string, number>} */ counts) => Object.values(counts).reduce((all, one) => all + one, 0);
const silent = { error() {}, warn() {}, info() {}, debug() {}, log() {} };

/** @type {(call: (done: (result?: unknown) => void) => void) => Promise<void>} */
const called = (call) =>
  new Promise((resolve, reject) => call((result) => (result instanceof Error ? reject(result) : resolve())));

/** What the SDKs of OpenTelemetry export to: names only, as their encoding is not what is measured. */
function exporterTo(/** @type {string} */ url, /** @type {(item: any) => string} */ nameOf) {
  return {
    export: (/** @type {any[]} */ all, /** @type {(result: { code: number, error?: Error }) => void} */ done) =>
      void post(url, JSON.stringify(all.map(nameOf))).then(
        () => done({ code: 0 }),
        (error) => done({ code: 1, error }),
      ),
    forceFlush: async () => {},
    shutdown: async () => {},
  };
}

const processorOptions = { maxQueueSize: 1_000_000, maxExportBatchSize: 512, scheduledDelayMillis: 60_000 };

/** @param {(exporter: object) => { getTracer(name: string): any, forceFlush(): Promise<void>, shutdown(): Promise<void> }} providerOf */
function spans(providerOf) {
  return (/** @type {string} */ url) => {
    const provider = providerOf(exporterTo(url, (span) => span.name));
    const tracer = provider.getTracer("bench");
    return {
      record: (/** @type {number} */ i) => tracer.startSpan(name(i)).end(),
      flush: () => provider.forceFlush(),
      close: () => provider.shutdown(),
    };
  };
}

/** @param {string} sdk */
function launchDarkly(sdk) {
  return (/** @type {string} */ url) => {
    const client = require(sdk).init("bench", {
      baseUri: url,
      streamUri: url,
      eventsUri: url,
      useLdd: true,
      diagnosticOptOut: true,
      flushInterval: 60,
      capacity: 1_000_000,
      logger: silent,
    });
    return {
      record: (/** @type {number} */ i) => client.track(name(i), { kind: "user", key: "bench" }),
      flush: () => client.flush(),
    };
  };
}

/** @type {Record<string, Sender>} */
export const senders = {
  "@amplitude/analytics-node": {
    batch: 20,
    answer: '{"code":200}',
    countIn: items,
    async start(url) {
      const client = require("@amplitude/analytics-node").createInstance();
      await client.init("bench", { serverUrl: url, flushIntervalMillis: 60_000, logLevel: 0 }).promise;
      return {
        record: (i) => client.track(name(i), undefined, { user_id: "bench" }),
        flush: () => client.flush().promise,
      };
    },
  },
  "@influxdata/influxdb-client": {
    batch: 100,
    status: 204,
    countIn: items,
    start(url) {
      const { InfluxDB, Point } = require("@influxdata/influxdb-client");
      const options = { batchSize: 1000, flushInterval: 0, maxRetries: 0 };
      const writes = new InfluxDB({ url }).getWriteApi("bench", "bench", "ms", options);
      return {
        record: (i) => writes.writePoint(new Point(name(i)).intField("value", i)),
        flush: () => writes.flush(),
        close: () => writes.close(),
      };
    },
  },
  "@launchdarkly/node-server-sdk": { batch: 20, countIn: items, start: launchDarkly("@launchdarkly/node-server-sdk") },
  "launchdarkly-node-server-sdk": { batch: 20, countIn: items, start: launchDarkly("launchdarkly-node-server-sdk") },
  "@opentelemetry/sdk-logs": {
    batch: 100,
    countIn: items,
    start(url) {
      const { LoggerProvider, BatchLogRecordProcessor } = require("@opentelemetry/sdk-logs");
      const exporter = exporterTo(url, ({ body }) => body);
      const processor = new BatchLogRecordProcessor({ exporter, ...processorOptions, maxExportBatchSize: 100_000 });
      const provider = new LoggerProvider({ processors: [processor] });
      const logger = provider.getLogger("bench");
      return {
        record: (i) => logger.emit({ body: name(i) }),
        flush: () => provider.forceFlush(),
        close: () => provider.shutdown(),
      };
    },
  },
  "@opentelemetry/sdk-trace-base": {
    batch: 100,
    countIn: items,
    start: spans((exporter) => {
      const { BasicTracerProvider, BatchSpanProcessor } = require("@opentelemetry/sdk-trace-base");
      return new BasicTracerProvider({ spanProcessors: [new BatchSpanProcessor(exporter, processorOptions)] });
    }),
  },
  "@opentelemetry/sdk-trace": {
    batch: 100,
    countIn: items,
    start: spans((exporter) => {
      const { TracerProvider, BatchSpanProcessor } = require("@opentelemetry/sdk-trace");
      return new TracerProvider({ spanProcessors: [new BatchSpanProcessor({ exporter, ...processorOptions })] });
    }),
  },
  "@rudderstack/rudder-sdk-node": {
    batch: 20,
    countIn: items,
    start(url) {
      const Analytics = require("@rudderstack/rudder-sdk-node");
      const client = new Analytics("bench", {
        dataPlaneUrl: url,
        flushAt: 20,
        flushInterval: 60_000,
        maxQueueSize: 1e9,
      });
      return { record: (i) => client.track({ userId: "bench", event: name(i) }), flush: () => client.flush() };
    },
  },
  "@segment/analytics-node": {
    batch: 15,
    countIn: items,
    start(url) {
      const { Analytics } = require("@segment/analytics-node");
      const client = new Analytics({ writeKey: "bench", host: url, flushAt: 15, flushInterval: 1000 });
      return {
        record: (i) => client.track({ userId: "bench", event: name(i) }),
        flush: () => client.flush(),
        close: () => client.closeAndFlush(),
      };
    },
  },
  applicationinsights: {
    batch: 50,
    countIn: items,
    start(url) {
      process.env.APPLICATION_INSIGHTS_NO_STATSBEAT = "1";
      const { TelemetryClient } = require("applicationinsights");
      const client = new TelemetryClient("1aa11111-bbbb-1ccc-8ddd-eeeeffff3333");
      client.config.endpointUrl = `${url}/v2.1/track`;
      return {
        record: (i) => client.trackEvent({ name: name(i) }),
        flush: () => called((callback) => client.flush({ callback })),
      };
    },
  },
  "aws-embedded-metrics": {
    batch: 50,
    countIn: (body) => {
      const events = body.split("\n").flatMap((event) => Object.entries(JSON.parse(event)));
      return events.filter(([key]) => key.startsWith(ITEM)).flatMap(([, values]) => values).length;
    },
    start(url) {
      const { MetricsLogger } = require("aws-embedded-metrics/lib/logger/MetricsLogger.js");
      const { LogSerializer } = require("aws-embedded-metrics/lib/serializers/LogSerializer.js");
      const serializer = new LogSerializer();
      const accept = (/** @type {object} */ context) => post(url, serializer.serialize(context).join("\n"));
      const environment = {
        getLogGroupName: () => "bench",
        getName: () => "bench",
        getType: () => "bench",
        configureContext() {},
        getSink: () => ({ accept }),
      };
      const resolveEnvironment = () => Promise.resolve(environment);
      const logger = new MetricsLogger(resolveEnvironment);
      return { record: (i) => logger.putMetric(name(i), i), flush: () => logger.flush() };
    },
  },
  "datadog-metrics": {
    batch: 20,
    countIn: (body) => {
      const { series } = JSON.parse(body);
      return sum(
        series.flatMap((/** @type {any} */ { points }) => points.map((/** @type {any} */ [, count]) => count)),
      );
    },
    start(url) {
      const { BufferedMetricsLogger } = require("datadog-metrics");
      const reporter = { report: (/** @type {object[]} */ series) => post(url, JSON.stringify({ series })) };
      const logger = new BufferedMetricsLogger({ reporter, flushIntervalSeconds: 0 });
      return { record: (i) => logger.increment(name(i)), flush: () => logger.flush(), close: () => logger.stop() };
    },
  },
  "flagsmith-nodejs": {
    batch: 50,
    countIn: (body) => sum(JSON.parse(body)),
    start(url) {
      const { AnalyticsProcessor } = require("flagsmith-nodejs");
      const processor = new AnalyticsProcessor({ environmentKey: "bench", analyticsUrl: url, logger: silent });
      return { record: (i) => processor.trackFeature(name(i)), flush: () => processor.flush() };
    },
  },
  "hot-shots": {
    batch: 500,
    countIn: items,
    start(url) {
      const StatsD = require("hot-shots");
      const options = { host: "127.0.0.1", maxBufferSize: 1400, datadog: false, includeDatadogTelemetry: false };
      const client = new StatsD(options);
      // A datagram has no answer to wait for.
      client.socket.send = (
        /** @type {Buffer} */ packet,
        /** @type {(error: Error | null, bytes?: number) => void} */ sent,
      ) => void post(url, packet).then(() => sent(null, packet.length), sent);
      return { record: (i) => client.increment(name(i)), flush: () => called((done) => client.flush(done)) };
    },
  },
  "librato-node": {
    batch: 20,
    countIn: (body) => JSON.parse(body).gauges.reduce((/** @type {number} */ all, { count = 1 }) => all + count, 0),
    start(url) {
      const librato = require("librato-node");
      require("librato-node/lib/client").prototype.endpoint = url;
      librato.configure({ email: "bench", token: "bench" });
      return { record: (i) => librato.measure(name(i), i), flush: () => called((done) => librato.flush(done)) };
    },
  },
  "unleash-client": {
    batch: 50,
    countIn: (body) => sum(Object.values(JSON.parse(body).bucket.toggles).map((/** @type {any} */ { yes }) => yes)),
    start(url) {
      const { Unleash } = require("unleash-client");
      const unleash = new Unleash({
        appName: "bench",
        url: `${url}/api/`,
        disableAutoStart: true,
        metricsInterval: 60_000,
      });
      unleash.on("error", () => {});
      unleash.on("warn", () => {});
      return {
        record: (i) => unleash.count(name(i), true),
        flush: () => unleash.flushMetrics(),
        close: () => unleash.destroyWithFlush(),
      };
    },
  },
};
