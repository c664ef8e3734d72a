import { setTimeout as sleep, setImmediate as turn } from "node:timers/promises";
import { describe, expect, test } from "vitest";
import type { Roles } from "../../dist/src/target.js";
import { guardedCopy } from "./guarded.js";

const CALLS = 60;

/** Each of its records takes half a millisecond of the loop. */
class Slow {
  buffer: number[] = [];
  sent: number[][] = [];
  isClosed = false;
  record(id: number): void {
    const until = performance.now() + 0.5;
    while (performance.now() < until);
    if (!this.isClosed) this.buffer.push(id);
  }
  async flush(): Promise<void> {
    const batch = [...this.buffer];
    await sleep(1);
    this.sent.push(batch);
    this.buffer = [];
  }
  async close(): Promise<void> {
    await this.flush();
    this.isClosed = true;
  }
}

const roles: Roles = { record: ["record"], flush: ["flush"], close: ["close"], batch: "hold", returns: "nothing" };
const ids = Array.from({ length: CALLS }, (_, id) => id);

/** A client that has had all of them recorded during a flush, in the middle of their replay. */
async function replaying() {
  const { Client, guarded } = guardedCopy(Slow, roles);
  const client = new Client();
  const flushed = client.flush();
  for (const id of ids) client.record(id);
  while (client.buffer.length === 0) await turn();
  return { client, guarded, flushed };
}

/** Each of its records leaves a fifth of a millisecond to a timer, as those that go through a queue do. */
class Deferring {
  buffer: number[] = [];
  sent: number[][] = [];
  recorded = 0;
  record(id: number): void {
    this.buffer.push(id);
    this.recorded++;
    setTimeout(() => {
      const until = performance.now() + 0.2;
      while (performance.now() < until);
    }, 0);
  }
  async flush(): Promise<void> {
    const batch = [...this.buffer];
    await sleep(1);
    this.sent.push(batch);
    this.buffer = [];
  }
}

describe("a replay of many calls", () => {
  test("makes as few in a turn as what they leave for later allows", async () => {
    const { Client } = guardedCopy(Deferring, {
      record: ["record"],
      flush: ["flush"],
      batch: "hold",
      returns: "nothing",
    });
    const client = new Client();
    const flushed = client.flush();
    const all = Array.from({ length: 1000 }, (_, id) => id);
    for (const id of all) client.record(id);
    const portions: number[] = [];
    for (let before = 0; before < all.length; await turn()) {
      if (client.recorded > before) portions.push(client.recorded - before);
      before = client.recorded;
    }
    expect(Math.max(...portions)).toBeLessThanOrEqual(256);
    // Of the calls alone, all would fit into one.
    expect(portions.length).toBeGreaterThan(15);
    await flushed;
    expect(client.sent.flat()).toEqual(all);
  });

  test("leaves the loop to others meanwhile, and keeps the order", async () => {
    const { client, flushed } = await replaying();
    expect(client.buffer.length).toBeLessThan(CALLS);
    client.record(CALLS);
    const lengths = new Set<number>();
    for (; client.sent.length < 2; await turn()) lengths.add(client.buffer.length);
    expect(lengths.size).toBeGreaterThan(2);
    await flushed;
    expect(client.sent.flat()).toEqual([...ids, CALLS]);
  });

  test("comes before a flush that is asked for meanwhile", async () => {
    const { client } = await replaying();
    await client.flush();
    expect(client.sent.flat()).toEqual(ids);
    expect(client.buffer).toEqual([]);
  });

  test("comes before a close", async () => {
    const { client } = await replaying();
    await client.close();
    expect(client.sent.flat()).toEqual(ids);
  });

  test("is done at once where something may not wait", async () => {
    const { client, guarded, flushed } = await replaying();
    guarded.release();
    expect(client.buffer.slice(0, CALLS)).toEqual(ids);
    await flushed;
    expect(client.sent.flat()).toEqual(ids);
    await turn();
    expect(guarded.idle).toBe(true);
  });
});
