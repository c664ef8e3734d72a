import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { both } from "../clients/both.js";

beforeEach(() => {
  vi.stubEnv("FLUSHGUARD_DRAIN", "manual");
});

afterEach(() => {
  vi.unstubAllEnvs();
});

/** Records two lines, drains, and tells what became of it: of each client, and how often each line has arrived. */
const program = (sink: string, make: string, pause = "await sleep(20);"): string => `
const sink = await httpSink({ latencyMs: 100, ${sink} });
const { hostname: host, port } = new URL(sink.url);
${make}
${pause}
const { drain } = await import(dist + "../index.js");
const { clients } = await drain({ timeoutMs: 3000 });
const bodies = sink.delivered.map(({ body }) => body).join();
const lines = bodies.match(/line-\\d/g) ?? [];
const records = bodies.match(/level|"type"/g)?.length;
const states = clients.map(({ state }) => state);
console.log(JSON.stringify({ states, lines: lines.sort(), records, requests: sink.requests.length }));
`;

const logger = (transport: string): string => `
const winston = require("winston");
const logger = winston.createLogger({ transports: [${transport}] });
logger.info("line-1");
logger.info("line-2");`;

const cases: [client: string, sink: string, make: string, requests: number][] = [
  ["winston", "", logger("new winston.transports.Http({ host, port })"), 2],
  ["winston, in batches", "", logger("new winston.transports.Http({ host, port, batch: true })"), 1],
  [
    "logzio-nodejs",
    "",
    `const logzio = require("logzio-nodejs").createLogger({ token: "proof", host, port });
    logzio.log("line-1");
    logzio.log("line-2");`,
    1,
  ],
  [
    "@logtail/node",
    "",
    `const { Logtail } = require("@logtail/node");
    const logtail = new Logtail("proof", { endpoint: sink.url, batchInterval: 100 });
    void logtail.info("line-1");
    void logtail.info("line-2");`,
    1,
  ],
];

/** Clients that have something to call. */
const flushed: typeof cases = [
  [
    "@logtail/node",
    "",
    `const { Logtail } = require("@logtail/node");
    const logtail = new Logtail("proof", { endpoint: sink.url, batchInterval: 60_000 });
    for (const line of ["line-1", "line-2"]) logtail.info(line).catch(() => {});`,
    1,
  ],
  [
    "librato-node",
    "",
    `require("librato-node/lib/client").prototype.endpoint = sink.url;
    const librato = require("librato-node");
    librato.configure({ email: "proof", token: "proof" });
    librato.measure("line-1", 1);
    librato.measure("line-2", 1);`,
    1,
  ],
  ["winston-loki", "", logger('new (require("winston-loki"))({ host: sink.url, json: true, interval: 60 })'), 1],
];

/** Clients that have what was recorded in their queue a turn later, or are told of by nothing but their own records. */
const late: typeof cases = [
  [
    "@amplitude/analytics-node",
    "answer: JSON.stringify({ code: 200 })",
    `const amplitude = require("@amplitude/analytics-node").createInstance();
    amplitude.init("proof", { serverUrl: sink.url, flushIntervalMillis: 60_000 });
    amplitude.track("line-1", undefined, { user_id: "user-1" });
    amplitude.track("line-2", undefined, { user_id: "user-1" });`,
    1,
  ],
  [
    "@amplitude/node",
    "answer: JSON.stringify({ code: 200 })",
    `const amplitude = require("@amplitude/node").init("proof", { serverUrl: sink.url });
    void amplitude.logEvent({ event_type: "line-1", user_id: "user-1" });
    void amplitude.logEvent({ event_type: "line-2", user_id: "user-1" });`,
    1,
  ],
  [
    "cloudwatch-metrics",
    "",
    `const client = require("cloudwatch-metrics");
    const credentials = { accessKeyId: "proof", secretAccessKey: "proof" };
    client.initialize({ region: "us-east-1", endpoint: sink.url, credentials });
    const metric = new client.Metric("proof", "Count", [], { sendInterval: 60_000, summaryInterval: 60_000 });
    metric.put(1, "line-1");
    metric.summaryPut(1, "line-2");`,
    1,
  ],
  [
    "posthog-node",
    'answer: "{}"',
    `const { PostHog } = require("posthog-node");
    const posthog = new PostHog("proof", { host: sink.url, flushAt: 100, flushInterval: 60_000 });
    posthog.capture({ distinctId: "1", event: "line-1" });
    posthog.capture({ distinctId: "1", event: "line-2" });`,
    1,
  ],
  [
    "winston-elasticsearch",
    'headers: { "x-elastic-product": "Elasticsearch" }, answer: JSON.stringify({ errors: false, items: [] })',
    logger(
      'new (require("winston-elasticsearch").ElasticsearchTransport)({ clientOpts: { node: sink.url }, flushInterval: 60_000, ensureIndexTemplate: false })',
    ),
    2,
  ],
];

test.each(late)("a drain sends what was recorded right before it: %s", async (_, sink, make) => {
  const { unguarded, guarded } = await both<object>(program(sink, make, ""));
  expect(unguarded).toMatchObject({ lines: [] });
  expect(guarded).toMatchObject({ lines: ["line-1", "line-2"] });
});

test.each(flushed)("a drain sends what waits: %s", async (_, sink, make, requests) => {
  const { unguarded, guarded } = await both<object>(program(sink, make));
  expect(unguarded).toMatchObject({ lines: [] });
  expect(guarded).toMatchObject({ lines: ["line-1", "line-2"], requests });
});

test.each(cases)("a drain calls no method that is given what to send: %s", async (_, sink, make, requests) => {
  const { guarded } = await both<object>(program(sink, make));
  expect(guarded).toEqual({ states: ["flushed"], lines: ["line-1", "line-2"], records: 2, requests });
});

test("a client that sends through objects derived from it is one client", async () => {
  const { guarded } = await both<object>(`
const sink = await httpSink({});
const { hostname: host, port } = new URL(sink.url);
const logzio = require("logzio-nodejs").createLogger({ token: "proof", host, port });
const { drain } = await import(dist + "../index.js");
const states = [];
for (const line of ["line-1", "line-2", "line-3"]) {
  logzio.log(line);
  states.push((await drain({ timeoutMs: 3000 })).clients.map(({ state }) => state));
}
const lines = sink.delivered.flatMap(({ body }) => body.match(/line-\\d/g) ?? []);
console.log(JSON.stringify({ states, lines }));
`);
  expect(guarded).toEqual({ states: [["flushed"], ["flushed"], ["flushed"]], lines: ["line-1", "line-2", "line-3"] });
});
