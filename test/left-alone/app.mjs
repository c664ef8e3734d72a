// An app that uses every metrics client that has nothing to guard, and one that has.
import { createHash } from "node:crypto";
import { createRequire } from "node:module";

const require = createRequire(import.meta.url);
const { httpSink } = await import("../../dist/src/proofs/sinks/http.js");
const { udpSink } = await import("../../dist/src/proofs/sinks/udp.js");
const { status } = await import("../../dist/index.js");

// Read as the clients load: nothing over the network, and the metrics of Lambda through the console.
Object.assign(process.env, {
  DD_INSTRUMENTATION_TELEMETRY_ENABLED: "false",
  DD_REMOTE_CONFIGURATION_ENABLED: "false",
  DD_TRACE_STARTUP_LOGS: "false",
  POWERTOOLS_DEV: "true",
  POWERTOOLS_METRICS_DISABLED: "false",
});

const RECORDS = 100;

async function ddTrace() {
  // No agent listens: the client then sends over UDP instead of through it.
  const agent = await httpSink();
  await agent.close();
  const statsd = await udpSink();
  const tracer = require("dd-trace").init({
    url: agent.url,
    dogstatsd: { hostname: "127.0.0.1", port: statsd.port },
    plugins: false,
  });
  for (let i = 0; i < RECORDS; i++) {
    tracer.dogstatsd.increment("left.alone", 1);
    if (i % 10 === 9) tracer.dogstatsd.flush();
  }
  await statsd.idle();
  await statsd.close();
  const counts = statsd.lines.flatMap((line) => /^left\.alone:(\d+)\|c/.exec(line)?.[1] ?? []);
  return counts.reduce((sum, count) => sum + Number(count), 0);
}

function powertools() {
  const { Metrics, MetricUnit } = require("@aws-lambda-powertools/metrics");
  const { log } = console;
  const printed = [];
  console.log = (line) => printed.push(JSON.parse(line));
  try {
    const metrics = new Metrics({ namespace: "left", serviceName: "alone" });
    for (let i = 0; i < RECORDS; i++) {
      metrics.addMetric("value", MetricUnit.Count, i);
      if (i % 10 === 9) metrics.publishStoredMetrics();
    }
  } finally {
    console.log = log;
  }
  return new Set(printed.flatMap(({ value }) => value)).size;
}

async function tryghost() {
  const GhostMetrics = require("@tryghost/metrics/lib/GhostMetrics");
  const MetricsBatch = require("@tryghost/metrics/lib/MetricsBatch");
  const metrics = new GhostMetrics({ metrics: { batch: { size: 10 } } });
  const sink = await httpSink({ latencyMs: 5 });
  const batch = new MetricsBatch({
    ...metrics.batch,
    ship: (operations) => fetch(sink.url, { method: "POST", body: JSON.stringify(operations) }),
  });
  metrics.batches.push(batch);
  for (let i = 0; i < RECORDS; i++) batch.add(i);
  await metrics.flush();
  const values = sink.delivered.flatMap(({ body }) => JSON.parse(body));
  await sink.close();
  return values.length === new Set(values).size ? values.length : "repeated";
}

async function promClient() {
  const { Counter, Pushgateway, Registry } = require("prom-client");
  const registry = new Registry();
  const counter = new Counter({ name: "left_alone_total", help: "Left alone", registers: [registry] });
  const sink = await httpSink({ latencyMs: 5 });
  const gateway = new Pushgateway(sink.url, {}, registry);
  const pushes = [];
  for (let i = 0; i < RECORDS; i++) {
    counter.inc();
    if (i % 10 === 9) pushes.push(gateway.pushAdd({ jobName: "app" }));
  }
  await Promise.all(pushes);
  await gateway.pushAdd({ jobName: "app" });
  const pushed = sink.delivered.at(-1).body;
  await sink.close();
  return Number(/^left_alone_total (\d+)$/m.exec(pushed)?.[1]);
}

const clients = {
  "dd-trace": () => [require("dd-trace"), require("dd-trace/packages/dd-trace/src/dogstatsd")],
  "@aws-lambda-powertools/metrics": () => [require("@aws-lambda-powertools/metrics")],
  "@tryghost/metrics": () => [
    require("@tryghost/metrics/lib/GhostMetrics"),
    require("@tryghost/metrics/lib/MetricsBatch"),
  ],
  "prom-client": () => [require("prom-client")],
};

/** Every function that an object leads to, by its path. */
function functionsOf(root, path, found = new Map(), seen = new Set()) {
  if ((typeof root !== "object" && typeof root !== "function") || root === null || seen.has(root)) return found;
  seen.add(root);
  if (typeof root === "function") found.set(path, root);
  const properties = Object.getOwnPropertyDescriptors(root);
  for (const key of Reflect.ownKeys(properties)) {
    const property = properties[key];
    functionsOf(property.get ?? property.value, `${path}.${String(key)}`, found, seen);
  }
  return functionsOf(Object.getPrototypeOf(root), `${path}.__proto__`, found, seen);
}

export function allFunctions() {
  return new Map(Object.entries(clients).flatMap(([name, load]) => [...functionsOf(load(), name)]));
}

/** What tells a function from a wrapper of it. */
function print(all) {
  const hash = createHash("sha256");
  for (const [path, value] of [...all].sort(([a], [b]) => (a < b ? -1 : 1))) {
    hash.update(`${path} ${value.name} ${value.length} ${Function.prototype.toString.call(value)}\n`);
  }
  return hash.digest("hex");
}

export async function report() {
  const functions = allFunctions();
  require("hot-shots");
  const results = {
    "dd-trace": await ddTrace(),
    "@aws-lambda-powertools/metrics": powertools(),
    "@tryghost/metrics": await tryghost(),
    "prom-client": await promClient(),
  };
  const found = status().targets.flatMap(({ found }) => found.map(({ module }) => module));
  return { functions: functions.size, print: print(functions), after: print(allFunctions()), results, found };
}
