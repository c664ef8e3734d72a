import { setTimeout as sleep } from "node:timers/promises";
import { expect, test } from "vitest";
import type { Roles } from "../../dist/src/target.js";
import { guardedCopy } from "./guarded.js";

const roles: Roles = { record: ["record"], flush: ["flush"], buffers: { buffer: "append" } };

test("a record that returns how much is in the buffer returns the same during a flush", async () => {
  class Client {
    buffer: number[] = [];
    sent: number[] = [];
    record(id: number): number {
      return this.buffer.push(id);
    }
    async flush(): Promise<void> {
      const batch = [...this.buffer];
      await sleep(2);
      this.sent.push(...batch);
      this.buffer = [];
    }
  }
  for (const Used of [Client, guardedCopy(Client, roles).Client]) {
    const client = new Used();
    const lengths = [client.record(1), client.record(2)];
    const flushed = client.flush();
    lengths.push(client.record(3));
    await flushed;
    expect(lengths).toEqual([1, 2, 3]);
  }
});

test("a record that waits for the flush that it asks for does not wait for itself", async () => {
  class Client {
    buffer: number[] = [];
    sent: number[] = [];
    async record(id: number): Promise<void> {
      await sleep(1);
      this.buffer.push(id);
      if (this.buffer.length >= 2) await this.flush();
    }
    async flush(): Promise<void> {
      const batch = [...this.buffer];
      await sleep(5);
      this.sent.push(...batch);
      this.buffer.splice(0, batch.length);
    }
  }
  const { Client: Guarded, guarded } = guardedCopy(Client, roles);
  const client = new Guarded();
  await client.record(1);
  const flushed = client.flush();
  const records = [client.record(2), client.record(3)];
  await Promise.all([flushed, ...records]);
  await client.flush();
  expect(client.sent.toSorted((a, b) => a - b)).toEqual([1, 2, 3]);
  // Else it was given up after a second.
  expect(guarded.recordsOutliveFlushes).toBe(false);
});
