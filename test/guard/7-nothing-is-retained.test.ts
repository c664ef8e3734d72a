import { describe, expect, test } from "vitest";
import { result, run } from "./child.js";

const client = `
  const { guard, disable } = await import(dist + "index.js");
  class Client {
    buffer = [];
    sent = [];
    record(id) { this.buffer.push(id); }
    async flush() { const batch = [...this.buffer]; await this.send(); this.sent.push(...batch); this.buffer = []; }
    async send() { await sleep(1); }
  }
  const heap = async () => {
    for (let i = 0; i < 4; i++) { globalThis.gc(); await new Promise(setImmediate); }
    return process.memoryUsage().heapUsed;
  };
`;
const hold = `guard(Client, { record: ["record"], flush: ["flush"] });`;
const swap = `guard(Client, { record: ["record"], flush: ["flush"], buffers: { buffer: "append" } });`;
const strategies: [string, string][] = [
  ["hold", hold],
  ["swap", swap],
];

describe("guarantee 7: nothing is retained", () => {
  test("a million idle instances take the heap they take unguarded", async () => {
    const measured = (guarded: string): Promise<number> =>
      result<number>(
        `${client}
        class Idle { value = 0; record() { this.value++; } async flush() { this.value = 0; } }
        const warm = new Idle(); warm.record(); await warm.flush();
        ${guarded.replace("Client", "Idle").replace("buffer:", "value:").replace("append", "sum")}
        const before = await heap();
        const all = Array.from({ length: 1_000_000 }, () => new Idle());
        for (const idle of all) idle.record();
        const used = (await heap()) - before;
        if (all.reduce((sum, { value }) => sum + value, 0) !== 1_000_000) throw new Error("not recorded");
        console.log(used);`,
        ["--expose-gc"],
      );
    const unguarded = await measured("");
    for (const [, guarded] of strategies) {
      // Less than a byte for each.
      expect(Math.abs((await measured(guarded)) - unguarded)).toBeLessThan(1_000_000);
    }
  });

  test.each(strategies)("%s: instances with past flushes are collected", async (_, guarded) => {
    const collected = await result<number>(
      `${client} ${guarded}
      let collected = 0;
      const registry = new FinalizationRegistry(() => collected++);
      const use = async () => {
        const one = new Client();
        registry.register(one);
        one.record(1);
        const flushed = one.flush();
        one.record(2);
        await Promise.all([flushed, one.flush()]);
        if (one.sent.length !== 2) throw new Error("not sent");
      };
      await Promise.all(Array.from({ length: 100 }, use));
      for (let i = 0; i < 20 && collected < 100; i++) { await heap(); await sleep(5); }
      console.log(collected);`,
      ["--expose-gc"],
    );
    expect(collected).toBe(100);
  });

  test("instances with methods of their own, guarded as a factory makes them, are collected", async () => {
    const collected = await result<number>(
      `
      const { GuardedClass } = await import(dist + "guard/owner/guarded-class.js");
      const { GuardedInstances } = await import(dist + "patch/guard-instance.js");
      const { guardEngine } = await import(dist + "guard/engine.js");
      const guarded = new GuardedClass("made", { record: ["record"], flush: ["flush"] }, { flushTimeoutMs: 1000, maxHeld: 10 });
      const instances = new GuardedInstances(guardEngine);
      let collected = 0;
      const registry = new FinalizationRegistry(() => collected++);
      const make = () => {
        const made = { buffer: [], sent: [] };
        made.record = (id) => { made.buffer.push(id); };
        made.flush = async () => { const batch = [...made.buffer]; await sleep(1); made.sent.push(...batch); made.buffer = []; };
        if (!("restore" in instances.guard(guarded, made))) throw new Error("refused");
        registry.register(made);
        return made;
      };
      const use = async () => {
        const made = make();
        made.record(1);
        const flushed = made.flush();
        made.record(2);
        await Promise.all([flushed, made.flush()]);
        if (made.sent.length !== 2) throw new Error("not sent");
      };
      await Promise.all(Array.from({ length: 100 }, use));
      for (let i = 0; i < 20 && collected < 100; i++) { globalThis.gc(); await sleep(5); }
      console.log(collected);`,
      ["--expose-gc"],
    );
    expect(collected).toBe(100);
  });

  test.each(strategies)(
    "%s: a timer re-armed inside its own flush for ever does not grow the heap",
    async (_, guarded) => {
      const grown = await result<number>(
        `${client} ${guarded}
      class Rearming extends Client {
        rounds = 0;
        async send() {
          await null;
          this.rounds++;
          setImmediate(() => { if (!this.stopped) this.flush(); });
          this.sent.length = 0;
        }
      }
      const one = new Rearming();
      one.flush();
      const reach = async (rounds) => { while (one.rounds < rounds) await sleep(2); return heap(); };
      const early = await reach(2_000);
      const late = await reach(40_000);
      one.stopped = true;
      console.log(late - early);`,
        ["--expose-gc"],
      );
      // One store for each of 38,000 flushes would be megabytes.
      expect(grown).toBeLessThan(600_000);
    },
  );

  test("no timer of the guard keeps the process alive", async () => {
    const before = performance.now();
    const { code, stderr } = await run(`${client} ${hold}
      const one = new Client();
      one.record(1);
      await one.flush();
      one.send = () => new Promise(() => {});
      one.flush();
      one.record(2);
    `);
    expect(stderr).toBe("");
    expect(code).toBe(0);
    expect(performance.now() - before).toBeLessThan(5000);
  });

  test.each(["beforeExit", "exit"])(
    "held calls are made before %s, and what is flushed there is not held up",
    async (event) => {
      const { code, stdout, stderr } = await run(`${client}
      const sent = [];
      class AtExit extends Client {
        async flush() { sent.push(...this.buffer.splice(0)); await new Promise(() => {}); }
      }
      let flushed = false;
      process.on("${event}", () => {
        if (flushed) return;
        flushed = true;
        one.flush();
        console.log(JSON.stringify(sent));
      });
      guard(AtExit, { record: ["record"], flush: ["flush"], batch: "hold" });
      const one = new AtExit();
      one.record(1);
      one.flush();
      one.record(2);
      one.record(3);
      if (one.buffer.length > 0) throw new Error("not held");
      ${event === "exit" ? "process.exit();" : ""}
    `);
      expect(stderr).toBe("");
      expect(code).toBe(0);
      expect(JSON.parse(stdout)).toEqual([1, 2, 3]);
    },
  );
});
