/** An app that flushes a client, or one that it has closed, whose batch is refused, and handles no error: `bare.mjs CLIENT flush|closed`. */
import { createServer } from "node:http";
import { createRequire } from "node:module";
import { setTimeout as sleep } from "node:timers/promises";

const require = createRequire(import.meta.url);
const [client = "", end] = process.argv.slice(2);
const refusal = { code: 1, error: new Error("refused") };
const span = { name: "span", spanContext: () => ({ traceFlags: 1 }), resource: {} };
const silent = { error() {}, warn() {}, info() {}, debug() {} };

function processorOf() {
  const { BatchSpanProcessor } = require(client);
  const exporter = {
    export: (_spans, done) => setTimeout(() => done(refusal), 20),
    forceFlush: async () => {},
    shutdown: async () => {},
  };
  const options = { scheduledDelayMillis: 60_000 };
  return client.endsWith("base")
    ? new BatchSpanProcessor(exporter, options)
    : new BatchSpanProcessor({ exporter, ...options });
}

async function launchDarkly() {
  const server = createServer((request, response) => request.resume().on("end", () => response.writeHead(401).end()));
  await new Promise((listening) => server.listen(0, "127.0.0.1", listening));
  const uri = `http://127.0.0.1:${server.address().port}`;
  const uris = { baseUri: uri, streamUri: uri, eventsUri: uri };
  return require(client).init("key", { ...uris, useLdd: true, diagnosticOptOut: true, logger: silent });
}

if (client.startsWith("@opentelemetry")) {
  const processor = processorOf();
  processor.onEnd(span);
  // Whoever flushes then gets the promise of the close, which is handled.
  if (end === "closed") processor.shutdown().catch(() => {});
  void processor.forceFlush();
  await sleep(200);
} else {
  const darkly = await launchDarkly();
  darkly.track("event", { key: "user", kind: "user" });
  void darkly.flush();
  // It asks once more after a second.
  await sleep(1_500);
}
process.exit();
