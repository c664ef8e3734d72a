import { describe, expect, test } from "vitest";
import { App, type Options } from "./app.js";
import { openSink } from "./sink.js";

const RECORDS = 10;
const WELL = 200;
const FAILS = 500;

/** Signals an app that has recorded, and waits for its end. */
async function signalled(clients: string, status: (n: number) => number, options: Partial<Options> = {}) {
  const sink = await openSink(20, status);
  try {
    const env = { RECORDS: String(RECORDS), ...options.env };
    const app = new App("serves.cjs", { drain: "on", sink, clients, ...options, env });
    await app.prints("ready");
    app.kill("SIGTERM");
    const { signal, stderr, ms } = await app.ended();
    return { signal, stderr, ms, arrived: sink.arrived.length, delivered: sink.distinct() };
  } finally {
    await sink.close();
  }
}

describe("as the process ends", () => {
  test.each(["influx", "flagsmith"])("%s: what a server refuses for a moment is sent again", async (client) => {
    const ended = await signalled(client, (n) => (n <= 2 ? FAILS : WELL), {
      env: { RETRIES: "5" },
    });
    expect(ended).toMatchObject({ signal: "SIGTERM", arrived: RECORDS, delivered: RECORDS });
  });

  test("a client that has given up what it had is told of, and not waited for", async () => {
    const { signal, stderr, ms } = await signalled("otel", (n) => (n === 1 ? FAILS : WELL));
    expect(signal).toBe("SIGTERM");
    expect(stderr).toMatch(/sdk-trace-base: failed as the process ended/);
    // All its attempts would take longer.
    expect(ms).toBeLessThan(3_000);
  });

  test("a server that refuses everything is not asked for ever", async () => {
    const { signal, stderr, delivered } = await signalled("flagsmith", () => FAILS);
    expect({ signal, delivered }).toEqual({ signal: "SIGTERM", delivered: 0 });
    expect(stderr).toMatch(/^flushguard: flagsmith-nodejs: failed as the process ended: /m);
  });

  test("influx: what is refused that was on its way is sent again", async () => {
    const sink = await openSink(1_500, (n) => (n === 1 ? FAILS : WELL));
    const env = { RECORDS: String(RECORDS), RETRIES: "5" };
    const app = new App("on-its-way.cjs", { drain: "on", sink, clients: "influx", env });
    await app.prints("on its way");
    app.kill("SIGTERM");
    const { signal } = await app.ended();
    await sink.close();
    expect({ signal, delivered: sink.distinct() }).toEqual({ signal: "SIGTERM", delivered: 2 * RECORDS });
  });

  test.each([
    // The client tries again after a second.
    { clients: "segment", latencyMs: 20, answer: (n: number) => (n === 1 ? FAILS : WELL), says: /^$/ },
    // Its flushes take turns, so that the next had to go on without this one.
    { clients: "unleash", latencyMs: 1000, answer: () => WELL, says: /a flush has not settled after 200 ms/ },
  ])("$clients: a flush that was given up is waited for", async ({ clients, latencyMs, answer, says }) => {
    const sink = await openSink(latencyMs, answer);
    const env = { RECORDS: String(RECORDS), FLUSHGUARD_FLUSH_TIMEOUT_MS: "200" };
    const app = new App("on-its-way.cjs", { drain: "on", sink, clients, env });
    await app.prints("on its way");
    app.kill("SIGTERM");
    const { signal, stderr } = await app.ended();
    await sink.close();
    expect(stderr).toMatch(says);
    expect({ signal, delivered: sink.distinct() }).toEqual({ signal: "SIGTERM", delivered: 2 * RECORDS });
  });
});
