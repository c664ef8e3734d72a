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

describe.each(NODES)("$name: ten clients with a hundred records each", ({ binary }) => {
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

  test("lose them to SIGTERM, and deliver each once where drains are on", async () => {
    const without = await signalled(undefined);
    expect(without.signal).toBe("SIGTERM");
    const { signal, code, sink, ms, stderr } = await signalled("on");
    const perClient = Object.fromEntries(CLIENTS.map((name) => [name, sink.distinct(name.replace(/\W/g, ""))]));
    console.log(ms, stderr, without.sink.distinct());
    expect(perClient).toEqual(Object.fromEntries(CLIENTS.map((name) => [name, RECORDS])));
    expect(sink.arrived).toHaveLength(CLIENTS.length * RECORDS);
    expect({ signal, code }).toEqual({ signal: "SIGTERM", code: null });
  }, 60_000);
});
