import { randomUUID } from "node:crypto";
import { createRequire } from "node:module";
import { setTimeout as sleep } from "node:timers/promises";
import { post } from "./post.mjs";
import { ITEM } from "./senders.mjs";

const require = createRequire(import.meta.url);

const name = (/** @type {number} */ i) => `${ITEM}.${i}`;
const countIn = (/** @type {string} */ body) => body.split(ITEM).length - 1;

/**
 * More clients that promise a flush, of which nothing is measured.
 * @type {Record<string, import("./senders.mjs").Sender>}
 */
export const more = {
  "@amplitude/node": {
    batch: 9,
    answer: '{"code":200}',
    countIn,
    start(serverUrl) {
      const options = { serverUrl, maxCachedEvents: 1000, uploadIntervalInSec: 60 };
      const client = require("@amplitude/node").init("test", options);
      return {
        record: (i) => void client.logEvent({ event_type: name(i), user_id: "u" }).catch(() => {}),
        flush: () => client.flush(),
      };
    },
  },
  "@axiomhq/logging": {
    batch: 9,
    answer: '{"ingested":1,"failed":0}',
    countIn,
    start(url) {
      const { AxiomWithoutBatching } = require("@axiomhq/js");
      const { AxiomJSTransport, Logger } = require("@axiomhq/logging");
      const axiom = new AxiomWithoutBatching({ token: "test", url, onError() {} });
      const logger = new Logger({ transports: [new AxiomJSTransport({ axiom, dataset: "test" })] });
      return { record: (i) => logger.info(name(i)), flush: () => logger.flush() };
    },
  },
  "@axiomhq/js": {
    batch: 9,
    answer: '{"ingested":1,"failed":0}',
    countIn,
    start(url) {
      const { Axiom } = require("@axiomhq/js");
      const client = new Axiom({ token: "test", url, onError() {} });
      return { record: (i) => client.ingest("test", [{ name: name(i) }]), flush: () => client.flush() };
    },
  },
  "@logtail/node": {
    batch: 9,
    countIn,
    start(endpoint) {
      const { Logtail } = require("@logtail/node");
      const client = new Logtail("test", { endpoint, batchSize: 1000, batchInterval: 60_000, retryCount: 0 });
      return {
        record: (i) => void client.info(name(i)).catch(() => {}),
        // A line is in the batch a few turns after it was logged.
        flush: () => sleep(5).then(() => client.flush()),
      };
    },
  },
  "@openai/agents-core": {
    batch: 9,
    countIn,
    start(url) {
      const { BatchTraceProcessor } = require("@openai/agents-core");
      const exporter = { export: (/** @type {object[]} */ spans) => post(url, JSON.stringify(spans)) };
      const processor = new BatchTraceProcessor(exporter, { maxQueueSize: 1000 });
      return {
        record: (i) => void processor.onSpanEnd({ name: name(i) }),
        flush: () => processor.forceFlush(),
      };
    },
  },
  "@snowplow/node-tracker": {
    batch: 9,
    countIn,
    start(endpoint) {
      const { newTracker, buildStructEvent } = require("@snowplow/node-tracker");
      const emitter = { endpoint, eventMethod: "post", bufferSize: 1000 };
      const tracker = newTracker({ namespace: "test", appId: "test", encodeBase64: false }, emitter);
      return {
        record: (i) => tracker.track(buildStructEvent({ category: "test", action: name(i) })),
        flush: () => tracker.flush(),
      };
    },
  },
  "analytics-node": {
    batch: 9,
    countIn,
    start(host) {
      const Analytics = require("analytics-node");
      const client = new Analytics("test", { host, flushInterval: 60_000, flushAt: 1000, retryCount: 0 });
      return { record: (i) => client.track({ userId: "u", event: name(i) }), flush: () => client.flush() };
    },
  },
  langfuse: {
    batch: 9,
    countIn,
    start(baseUrl) {
      const keys = { publicKey: "test", secretKey: "test" };
      const once = { fetchRetryCount: 0, flushAt: 1000, flushInterval: 60_000 };
      const client = new (require("langfuse").Langfuse)({ ...keys, ...once, baseUrl });
      return {
        record: (i) => void client.trace({ name: name(i) }),
        flush: () => client.flushAsync(),
        close: () => client.shutdownAsync(),
      };
    },
  },
  langsmith: {
    batch: 9,
    answer: '{"batch_ingest_config":{"use_multipart_endpoint":false,"size_limit":1000}}',
    countIn,
    start(apiUrl) {
      const client = new (require("langsmith").Client)({ apiUrl, apiKey: "test" });
      return {
        record(i) {
          const id = randomUUID();
          const run = { id, trace_id: id, dotted_order: `20260101T000000000000Z${id}` };
          void client.createRun({ name: name(i), run_type: "chain", inputs: {}, ...run }).catch(() => {});
        },
        flush: () => client.flush(),
      };
    },
  },
  libhoney: {
    batch: 9,
    answer: JSON.stringify(Array(10).fill({ status: 202 })),
    countIn,
    start(apiHost) {
      const Honey = require("libhoney");
      const client = new Honey({ apiHost, writeKey: "test", dataset: "test", batchTimeTrigger: 20 });
      return { record: (i) => client.sendNow({ name: name(i) }), flush: () => client.flush() };
    },
  },
  lunary: {
    batch: 9,
    countIn,
    start(apiUrl) {
      const { default: monitor } = require("lunary");
      monitor.init({ appId: "test", apiUrl });
      return { record: (i) => monitor.trackEvent("llm", "start", { runId: name(i) }), flush: () => monitor.flush() };
    },
  },
  "posthog-node": {
    batch: 9,
    countIn,
    start(host) {
      const { PostHog } = require("posthog-node");
      const options = { host, flushInterval: 60_000, flushAt: 1000, fetchRetryCount: 0 };
      const client = new PostHog("test", options);
      return {
        record: (i) => client.capture({ distinctId: "u", event: name(i) }),
        // An event is in the queue a few turns after it was captured.
        flush: () => sleep(5).then(() => client.flush()),
      };
    },
  },
  "statsig-node": statsig(() => require("statsig-node")),
  "statsig-node-lite": statsig(() => require("statsig-node-lite")),
};

/** Of two packages with the same interface. */
function statsig(/** @type {() => typeof import("statsig-node")} */ load) {
  return {
    batch: 9,
    answer: '{"has_updates":false}',
    countIn,
    async start(/** @type {string} */ url) {
      const { StatsigServer } = load();
      const options = { api: `${url}/v1`, loggingIntervalMs: 60_000, postLogsRetryLimit: 0, disableDiagnostics: true };
      const client = new StatsigServer("secret-test", options);
      await client.initializeAsync();
      return {
        record: (/** @type {number} */ i) => client.logEvent({ userID: "u" }, name(i)),
        flush: () => client.flush(),
      };
    },
  };
}
