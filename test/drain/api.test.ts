import { describe, expect, test } from "vitest";
import type { DrainResult } from "../../dist/src/index.js";
import { App } from "./app.js";
import { openSink, type Sink } from "./sink.js";

const RECORDS = 10;
const CLIENT = "flagsmith-nodejs";

async function run(
  way: string,
  drain: string | undefined,
  sinkOf: () => Promise<Sink> = () => openSink(),
  clients = "flagsmith",
) {
  const sink = await sinkOf();
  try {
    const env = { WAY: way, RECORDS: String(RECORDS) };
    const { code, stdout, stderr } = await new App("api.mjs", { drain, sink, clients, env }).ended();
    // One line for each time that it tells.
    const told = stdout.split("\n").flatMap((line) => (line === "" ? [] : (JSON.parse(line) as DrainResult[])));
    return { code, stderr, told, delivered: sink.arrived.length, distinct: sink.distinct() };
  } finally {
    await sink.close();
  }
}

describe("drain()", () => {
  test("delivers what was recorded, and two at once share", async () => {
    const { told, delivered } = await run("twice", "manual");
    expect(delivered).toBe(RECORDS);
    const [first, second, third] = told;
    const clients = [{ target: CLIENT, state: "flushed", ms: expect.any(Number) }];
    expect(first).toEqual({ drained: true, clients });
    expect(second).toEqual(first && { drained: true, clients });
    expect(third).toEqual({ drained: true, clients: [{ target: CLIENT, state: "empty", ms: expect.any(Number) }] });
  });

  test("drains those that are named, and says what it cannot understand", async () => {
    const { told, delivered, stderr } = await run("some", "manual");
    expect(told[0]).toEqual({ drained: true, clients: [] });
    expect(told[1]?.clients).toHaveLength(1);
    expect(delivered).toBe(RECORDS);
    expect(stderr.trimEnd().split("\n")).toEqual([
      "flushguard: drain().timeoutMs: found -1, expected a number of milliseconds over 0; using 5000",
      'flushguard: drain().targets: found "all", expected a list of names; draining every client',
      'flushguard: drain().targets: "hot-shot" is no client known here (did you mean "hot-shots"?)',
    ]);
  });

  test("says what is no option, of what looks like one", async () => {
    const { told, stderr } = await run("misspelt", "manual");
    expect(told.map(({ drained, clients }) => ({ drained, count: clients.length }))).toEqual(
      Array.from({ length: 4 }, () => ({ drained: true, count: 1 })),
    );
    expect(stderr.trimEnd().split("\n")).toEqual([
      'flushguard: drain().timeoutMS: is no option (did you mean "timeoutMs"?); it is ignored',
      'flushguard: drain().target: is no option (did you mean "targets"?); it is ignored',
      'flushguard: drain(): found "SIGTERM", expected options; draining every client',
    ]);
  });

  test("does not reject over what a flush throws, whatever that is", async () => {
    const { code, told } = await run("wordless", "manual");
    expect(code).toBe(0);
    const reason = "a value of type object that has no words";
    const clients = [{ target: CLIENT, state: "failed", reason, ms: expect.any(Number) }];
    expect(told).toEqual(Array.from({ length: 3 }, () => ({ drained: false, clients })));
  });

  test("an error that a flush gives to its callback is a failure", async () => {
    const { told } = await run("by a callback", "manual");
    const clients = [{ target: "Buffered", state: "failed", reason: "refused", ms: expect.any(Number) }];
    expect(told).toEqual([{ drained: false, clients }]);
  });

  test("does not reject over options that cannot be read", async () => {
    const { told, delivered, stderr } = await run("unreadable", "manual");
    expect(told[0]).toMatchObject({ drained: true, clients: [{ target: CLIENT, state: "flushed" }] });
    expect(delivered).toBe(RECORDS);
    expect(stderr).toBe('flushguard: drain(): its options cannot be read ("thrown"); draining every client\n');
  });

  test.each([
    { drain: "", line: "FLUSHGUARD_DRAIN is not set (manual is enough), so clients that have only recorded" },
    { drain: undefined, line: "the guard is not on in this process, so no client is known" },
  ])("says once that it does not know what has only recorded: $line", async ({ drain, line }) => {
    const { told, delivered, stderr } = await run("plainly", drain);
    expect(told[0]).toEqual({ drained: true, clients: [] });
    expect(delivered).toBe(0);
    expect(stderr).toContain(`flushguard: drain(): ${line}`);
    expect(stderr.split("\n")).toHaveLength(2);
  });

  test("gives up after its time", async () => {
    const { told } = await run("shortly", "manual", () => openSink(0, () => 0));
    const reason = "not settled after 200 ms";
    expect(told).toEqual([
      { drained: false, clients: [{ target: CLIENT, state: "timed out", reason, ms: expect.any(Number) }] },
    ]);
  });

  test.each(["held", "swapped", "detached"])(
    "given up, it keeps nothing alive, %s; a flush of the app's own that waits does",
    async (batch) => {
      const { told } = await run(`in vain, ${batch}`, "manual", undefined, "");
      expect(told).toEqual([{ drained: false, left: 0, waited: 1 }]);
    },
  );

  test("does not call empty what may have sent", async () => {
    const { told } = await run("at once", "manual", undefined, "");
    expect(told[0]?.clients).toEqual([{ target: "Sends", state: "flushed", ms: expect.any(Number) }]);
  });

  test.each(["fastify", "nest"])("%s: delivers as the app closes", async (way) => {
    expect(await run(way, "manual")).toMatchObject({ code: 0, delivered: RECORDS });
  });

  test.each(["segment", "influx", "datadog-metrics", "launchdarkly"])(
    "fastify: %s, which is closed beside it, delivers each once",
    async (client) => {
      const way = "fastify, beside the client's own close";
      const delivered = { code: 0, delivered: RECORDS, distinct: RECORDS };
      expect(await run(way, "manual", undefined, client)).toMatchObject(delivered);
    },
  );
});
