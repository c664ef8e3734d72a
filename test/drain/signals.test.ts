import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { NODES } from "../nodes/nodes.js";
import { App, type Ended } from "./app.js";
import { openSink } from "./sink.js";

const RECORDS = 10;
/** Milliseconds until the server answers: long enough to tell who waited for it. */
const LATENCY_MS = 500;

interface Run extends Ended {
  delivered: number;
}

describe.each(NODES)("$name", ({ binary }) => {
  async function run(
    way: string,
    drain: string | undefined,
    signals: readonly NodeJS.Signals[] = ["SIGTERM"],
    latencyMs = LATENCY_MS,
    before: readonly string[] = [],
  ): Promise<Run> {
    const sink = await openSink(latencyMs);
    const app = new App("ways.cjs", {
      drain,
      binary,
      sink,
      before,
      clients: "flagsmith",
      env: { WAY: way, RECORDS: String(RECORDS) },
    });
    try {
      await app.prints("ready");
      for (const [index, signal] of signals.entries()) {
        if (index > 0) await new Promise((resolve) => setTimeout(resolve, 100));
        app.kill(signal);
      }
      const ended = await app.ended();
      return { ...ended, delivered: sink.arrived.length };
    } finally {
      await sink.close();
    }
  }

  /** Both runs end alike; what each has delivered. */
  async function alike(
    way: string,
    signal: NodeJS.Signals = "SIGTERM",
    before?: readonly string[],
  ): Promise<[without: number, drained: number]> {
    const all = "beforeExit,SIGTERM,SIGINT,SIGHUP";
    const [without, drained] = (await Promise.all(
      [undefined, all].map((drain) => run(way, drain, [signal], LATENCY_MS, before)),
    )) as [Run, Run];
    const told = ({ code, signal: died, stdout }: Run) => ({ code, died, stdout });
    expect(told(drained)).toEqual(told(without));
    expect(drained.stderr).toBe(without.stderr);
    return [without.delivered, drained.delivered];
  }

  test.each(["SIGTERM", "SIGINT", "SIGHUP"] as const)(
    "%s that nobody listens to is died of, after a drain",
    async (signal) => {
      expect(await alike("nothing", signal)).toEqual([0, RECORDS]);
    },
  );

  test.each([
    "listens, then no more",
    "removes all listeners of the signal",
    "removes all listeners of everything",
    "removes all listeners of everything, then listens",
    "lets go, then ends itself",
    "listens late",
    "adds a listener while it is drained",
    "once, then lets go",
    "listens and exits later",
    "signal-exit 3",
    "signal-exit 4",
    "terminus",
    "close-with-grace",
    "nest",
    "exit-hook",
    "async-exit-hook",
    "death",
    "listens first, once",
    "is told of it by itself",
    "a listener throws, and that is heard",
    "fakes its timers",
    "in the context of whoever listens",
    "replaces process.emit",
    "replaces process.emit, and nobody listens",
  ])("%s: it ends as it would, drained", async (way) => {
    expect(await alike(way)).toEqual([0, RECORDS]);
  });

  test.each([
    "once early",
    "listens early, then no more",
    "listens early and exits later",
    "is told of every listener",
  ])("an earlier preload listens; %s: it ends as it would, drained", async (way) => {
    expect(await alike(way, "SIGTERM", ["--require", "./early.cjs"])).toEqual([0, RECORDS]);
  });

  test.each(["process.emit is frozen", "process.emit can only be assigned to"])(
    "%s: it dies of its signals as ever, and says so",
    async (way) => {
      const { signal, delivered, stderr } = await run(way, "on", ["SIGTERM"], LATENCY_MS, ["--require", "./early.cjs"]);
      expect({ signal, delivered }).toEqual({ signal: "SIGTERM", delivered: 0 });
      expect(stderr).toBe(
        "flushguard: FLUSHGUARD_DRAIN: process.emit cannot be replaced; signals end the process as ever\n",
      );
    },
  );

  test("process.emit is an accessor: it dies of the signal, drained", async () => {
    expect(await alike("process.emit is an accessor", "SIGTERM", ["--require", "./early.cjs"])).toEqual([0, RECORDS]);
  });

  test.each([
    { way: "in a thread only", clients: 1 },
    { way: "in a thread too", clients: 2 },
    { way: "in a thread of a thread too", clients: 3 },
    { way: "in a thread that is gone too", clients: 1 },
    { way: "in a thread too, and listens", clients: 2 },
  ])("records $way: it ends as it would, drained", async ({ way, clients }) => {
    expect(await alike(way)).toEqual([0, clients * RECORDS]);
  });

  test("process.exit() in a listener waits for nobody", async () => {
    expect(await alike("listens and exits")).toEqual([0, 0]);
  });

  test.skipIf(process.platform !== "linux" || process.getuid?.() !== 0)(
    "the first process of a container, which does not die of signals, exits when it is drained",
    async () => {
      const sink = await openSink(LATENCY_MS);
      const under = ["unshare", "--pid", "--fork"];
      const env = { WAY: "nothing", RECORDS: String(RECORDS) };
      const app = new App("ways.cjs", { drain: "on", binary, sink, clients: "flagsmith", env, under });
      await app.prints("ready");
      const outer = app.process.pid;
      const [first = ""] = readFileSync(`/proc/${outer}/task/${outer}/children`, "utf8").split(" ");
      process.kill(Number(first), "SIGTERM");
      const { code } = await app.ended();
      await sink.close();
      expect({ code, delivered: sink.arrived.length }).toEqual({ code: 143, delivered: RECORDS });
    },
  );

  test("is flushed outside of the request that was the first to record", async () => {
    const { stdout, signal } = await run("records in a request", "on");
    expect({ stdout, signal }).toEqual({ stdout: "ready\nflushed in undefined\n", signal: "SIGTERM" });
  });

  test.each(["SIGINT", "SIGTERM"] as const)("a second signal, %s, ends at once, by the first", async (second) => {
    const { signal, ms, delivered } = await run("nothing", "on", ["SIGINT", second], 4_000);
    expect({ signal, delivered }).toEqual({ signal: "SIGINT", delivered: 0 });
    expect(ms).toBeLessThan(3_000);
  });

  test("nothing can be seen of it", async () => {
    const visible = async (drain: string | undefined) => (await run("visible", drain, [])).stdout;
    expect(await visible("SIGTERM,SIGINT,SIGHUP")).toBe(await visible(undefined));
  });
});
