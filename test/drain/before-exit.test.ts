import { describe, expect, test } from "vitest";
import { NODES } from "../nodes/nodes.js";
import { App, type Ended } from "./app.js";
import { openSink, type Sink } from "./sink.js";

const RECORDS = 10;

describe.each(NODES)("$name", ({ binary }) => {
  async function run(
    way: string,
    drain: string | undefined,
    {
      file = "ends.cjs",
      sink: given,
      env = {},
      before = [],
    }: { file?: string; sink?: Sink; env?: NodeJS.ProcessEnv; before?: readonly string[] } = {},
  ): Promise<Ended & { delivered: number }> {
    const sink = given ?? (await openSink());
    const clients = "flagsmith";
    try {
      const own = { WAY: way, RECORDS: String(RECORDS), ...env };
      const app = new App(file, { drain, binary, sink, clients, before, env: own });
      return { ...(await app.ended()), delivered: sink.arrived.length };
    } finally {
      await sink.close();
    }
  }

  /** Both runs end alike; what each has delivered. */
  async function alike(way: string, file = "ends.cjs"): Promise<[without: number, drained: number]> {
    const [without, drained] = await Promise.all([run(way, undefined, { file }), run(way, "on", { file })]);
    const told = ({ code, signal, stdout }: Ended) => ({ code, signal, stdout });
    expect(told(drained)).toEqual(told(without));
    return [without.delivered, drained.delivered];
  }

  test.each([
    "nothing",
    "exit code",
    "uncaught, heard",
    "listens",
    "listens and exits",
    "works on, four times",
    "ends itself by a signal",
    "ends itself by a signal, before",
    "removes all listeners",
    "with an AsyncLocalStorage",
    "tells of its loop's end itself",
    "tells of its loop's end itself, by a reaction",
    "tells of its loop's end itself, by signal-exit 4",
    "tells of its loop's end itself, by one that replaces process.emit",
    "listens first, once",
    "an exit listener throws",
    "signal-exit 3, loaded early",
    "signal-exit 4, loaded early",
    "exit-hook",
    "async-exit-hook",
    "death",
  ])("%s: it ends as it would, drained", async (way) => {
    expect(await alike(way)).toEqual([0, RECORDS]);
  });

  test.each(["uncaught", "exits"])("%s: it ends as it would, at once", async (way) => {
    expect(await alike(way)).toEqual([0, 0]);
  });

  test("nothing can be seen of it", async () => {
    expect((await run("visible", "on")).stdout).toBe((await run("visible", undefined)).stdout);
  });

  test("an app that records whenever its loop has run out is drained twice, and ends", async () => {
    const [without, drained] = await alike("records on, for ever");
    expect(without).toBe(0);
    expect(drained).toBeGreaterThan(RECORDS);
  });

  test("a server that does not answer holds it for the limit, and is told of", async () => {
    const sink = await openSink(0, () => 0);
    const env = { FLUSHGUARD_DRAIN_TIMEOUT_MS: "300" };
    const { code, stderr, ms } = await run("exit code", "beforeExit", { sink, env });
    expect(code).toBe(5);
    // The client itself gives up after a minute.
    expect(ms).toBeLessThan(30_000);
    expect(stderr).toBe("flushguard: flagsmith-nodejs: timed out as the process ended: not settled after 300 ms\n");
  });

  test("a module that never settles ends with its own code, also where the server does not answer", async () => {
    const env = { FLUSHGUARD_DRAIN_TIMEOUT_MS: "300" };
    const codes = ["", "on"].map(async (drain) => {
      const sink = await openSink(0, () => 0);
      return (await run("nothing", drain, { file: "never-settles.mjs", sink, env })).code;
    });
    expect(await Promise.all(codes)).toEqual([13, 13]);
  });

  test("a worker thread drains what is its own, and has its own exit code", async () => {
    expect(await alike("exit code", "worker.cjs")).toEqual([0, RECORDS]);
  });

  test("a worker thread that does not keep the process alive is drained at its end", async () => {
    expect(await alike("in a thread", "unref.cjs")).toEqual([0, RECORDS]);
  });

  test.each(
    ["signal-exit-3", "signal-exit-4"].flatMap((library) =>
      ["a hook from before", "a hook since", "no hook any more"].map((way) => ({ library, way })),
    ),
  )("$library with $way: what is held is back in its buffer", async ({ library, way }) => {
    const { stdout, code } = await run(way, "", { file: "held.mjs", env: { SIGNAL_EXIT: library } });
    expect({ stdout, code }).toEqual({ stdout: "in a flush: early\nat the end: early,late\n", code: 0 });
  });

  test.each([
    { way: "process.emit is frozen", delivered: 0, says: /^flushguard: process\.emit cannot be replaced/gm },
    { way: "process.emit is an accessor", delivered: 0, says: /^flushguard: process\.emit cannot be replaced/gm },
    { way: "process.emit can only be assigned to", delivered: RECORDS, says: /1 clients drained/g },
  ])("$way: it ends as ever, and says once where that is not heard of", async ({ way, delivered, says }) => {
    const before = ["--require", "./early.cjs"];
    const ended = await run(way, "on", { before, env: { FLUSHGUARD_LOG: "info" } });
    expect(ended).toMatchObject({ code: 0, stdout: "", delivered });
    expect(ended.stderr.match(says)).toHaveLength(1);
  });

  test("what process.exit() leaves in buffers is told of", async () => {
    const { stderr, code } = await run("exits", "on", { env: { FLUSHGUARD_LOG: "info" } });
    expect(code).toBe(6);
    expect(stderr).toContain("flushguard: records still in buffers as the process ended: flagsmith-nodejs 10\n");
  });

  test("once, where an app's own process.emit has come between", async () => {
    const { stderr } = await run("exits, by one that replaces process.emit", "on", { env: { FLUSHGUARD_LOG: "info" } });
    expect(stderr.match(/records still in buffers/g)).toHaveLength(1);
  });

  test("and counted by an observer", async () => {
    const { stderr } = await run("exits", undefined, { env: { FLUSHGUARD: "observe" }, file: "observed.mjs" });
    expect(stderr).toContain("flagsmith-nodejs: stranded 10");
  });
});
