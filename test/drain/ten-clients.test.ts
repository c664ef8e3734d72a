import { describe, expect, test } from "vitest";
import { NODES } from "../nodes/nodes.js";
import { App } from "./app.js";
import { openSink } from "./sink.js";

const CLIENTS = [
  "segment",
  "rudder",
  "hot-shots",
  "datadog-metrics",
  "influx",
  "otel",
  "unleash",
  "flagsmith",
  "launchdarkly",
  "applicationinsights",
];
const RECORDS = 100;

// Loading ten clients is most of what it takes.
describe.each(NODES)("$name: ten clients with a hundred records each", { timeout: 180_000 }, ({ binary }) => {
  async function signalled(drain: string | undefined) {
    const sink = await openSink();
    const app = new App("serves.cjs", {
      drain,
      binary,
      sink,
      clients: CLIENTS.join(),
      env: { RECORDS: String(RECORDS), FLUSHGUARD_LOG: "info" },
    });
    await app.prints("ready");
    app.kill("SIGTERM");
    const ended = await app.ended();
    await sink.close();
    return { ...ended, sink };
  }

  test("are delivered, each once, before it dies of SIGTERM", async () => {
    const { signal, code, sink, stderr } = await signalled("on");
    const perClient = Object.fromEntries(CLIENTS.map((name) => [name, sink.distinct(name.replace(/\W/g, ""))]));
    expect(perClient).toEqual(Object.fromEntries(CLIENTS.map((name) => [name, RECORDS])));
    expect(sink.arrived).toHaveLength(CLIENTS.length * RECORDS);
    expect({ signal, code }).toEqual({ signal: "SIGTERM", code: null });
    expect(stderr).toMatch(/^flushguard: 10 clients drained in \d+ ms$/m);
  });

  test.runIf(binary.includes("node20"))(
    "are lost without the guard, but for what a client had sent by itself",
    async () => {
      const { signal, sink } = await signalled(undefined);
      expect(signal).toBe("SIGTERM");
      // Full packets, and the first event of all.
      expect(sink.distinct() - sink.distinct("hotshots") - sink.distinct("rudder")).toBe(0);
      expect(sink.distinct("rudder")).toBeLessThanOrEqual(1);
    },
  );
});
