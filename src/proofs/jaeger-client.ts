import { promisify } from "node:util";
import { type Client, closeDuringSend, flushDuringSend, secondFlush } from "./http-client/scenarios.js";
import type { Proof } from "./proof.js";

type Done = (error?: Error | null) => void;

interface Tracer {
  startSpan(name: string): { finish(): void };
  close(done: Done): void;
  _reporter: { flush(done: Done): void };
}

interface Module {
  initTracer(config: object, options: object): Tracer;
}

/** The client sends whenever this many spans wait. */
const BATCH = 100;

const client: Client = {
  // Names in a Thrift document.
  idsIn: ({ body }) => Array.from(body.matchAll(/<(value-\d+)>/g), ([, name = ""]) => name),
  start(load, url) {
    const { initTracer } = load.require("jaeger-client") as Module;
    const sampler = { type: "const", param: 1 };
    const reporter = { collectorEndpoint: `${url}/api/traces`, flushIntervalMs: 60_000 };
    const tracer = initTracer({ serviceName: "proof", sampler, reporter }, {});
    return {
      record: (name) => tracer.startSpan(`<${name}>`).finish(),
      flush: promisify((done: Done) => tracer._reporter.flush(done)),
      close: promisify((done: Done) => tracer.close(done)),
    };
  },
};

/** Proves that closing a tracer of jaeger-client waits for the spans that are on their way to a collector. */
export const proof: Proof = {
  module: "jaeger-client",
  scenarios: [
    closeDuringSend(client, { records: BATCH, name: "close(callback) while a full batch is sent" }),
    flushDuringSend(client, { records: BATCH, name: "flush(callback) while a full batch is sent" }),
    secondFlush(client, { name: "second flush(callback) during a flush" }),
  ],
};
