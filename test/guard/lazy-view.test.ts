import { setTimeout as sleep } from "node:timers/promises";
import { describe, expect, test } from "vitest";
import type { Roles } from "../../dist/src/target.js";
import { guardedCopy } from "./guarded.js";

const roles: Roles = { record: ["record"], flush: ["flush"], buffers: { buffer: "append" }, view: true };

/** What is sent, batch by batch, and what arrived. */
class Client {
  buffer: number[] = [];
  batches: number[][] = [];
  record(id: number): void {
    this.buffer.push(id);
  }
  async send(batch: readonly number[]): Promise<void> {
    const taken = [...batch];
    await sleep(2);
    this.batches.push(taken);
  }
}

class LooksLate extends Client {
  async flush(): Promise<void> {
    await Promise.resolve();
    await this.send(this.buffer);
    this.buffer = [];
  }
}

class UntilEmpty extends Client {
  async flush(): Promise<void> {
    while (this.buffer.length > 0) await this.send(this.buffer.splice(0, 1));
  }
}

class NeverLooks extends Client {
  async flush(): Promise<void> {
    await sleep(2);
  }
}

describe("a flush on a view has the batch that it would have unguarded", () => {
  test("what is recorded before it looks at its buffer is in it", async () => {
    for (const Used of [LooksLate, guardedCopy(LooksLate, roles).Client]) {
      const client = new Used();
      client.record(1);
      const flushed = client.flush();
      client.record(2);
      await flushed;
      expect(client.batches).toEqual([[1, 2]]);
      expect(client.buffer).toEqual([]);
    }
  });

  test("what is recorded after it has looked is in the next", async () => {
    const client = new (guardedCopy(LooksLate, roles).Client)();
    client.record(1);
    const flushed = client.flush();
    await sleep(0);
    client.record(2);
    await flushed;
    expect(client.batches).toEqual([[1]]);
    expect(client.buffer).toEqual([2]);
  });

  test("one that goes on until its buffer is empty sends what is recorded meanwhile before it settles", async () => {
    for (const Used of [UntilEmpty, guardedCopy(UntilEmpty, roles).Client]) {
      const client = new Used();
      client.record(1);
      const flushed = client.flush();
      client.record(2);
      await flushed;
      expect(client.batches).toEqual([[1], [2]]);
      expect(client.buffer).toEqual([]);
    }
  });

  test("one that looks again where nothing was recorded meanwhile is not followed by another", async () => {
    const { Client, counters } = guardedCopy(UntilEmpty, roles);
    const client = new Client();
    for (const id of [1, 2]) client.record(id);
    await client.flush();
    expect(client.batches).toEqual([[1], [2]]);
    expect(counters.flushes).toBe(1);
  });

  test("one that never looks leaves everything where it is", async () => {
    const client = new (guardedCopy(NeverLooks, roles).Client)();
    client.record(1);
    const { buffer } = client;
    const flushed = client.flush();
    client.record(2);
    expect(client.buffer).toBe(buffer);
    await flushed;
    expect(client.buffer).toBe(buffer);
    expect(buffer).toEqual([1, 2]);
  });
});

test("a view has no record that its object has not", async () => {
  class Asks extends Client {
    add?: (id: number) => void;
    async flush(): Promise<void> {
      const batch = this.buffer;
      this.buffer = [];
      await this.send(typeof this.add === "function" ? [] : batch);
    }
  }
  const { Client: Guarded } = guardedCopy(Asks, { ...roles, record: ["record", "add"] });
  const client = new Guarded();
  client.record(1);
  await client.flush();
  expect(client.batches).toEqual([[1]]);
});
