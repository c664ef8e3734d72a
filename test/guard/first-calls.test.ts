import { setTimeout as sleep } from "node:timers/promises";
import { expect, test } from "vitest";
import { guardedCopy } from "./guarded.js";

test("a flush that was never called gives what the others have given", async () => {
  class Client {
    buffer: number[] = [];
    sent: number[] = [];
    record(id: number): void {
      this.buffer.push(id);
    }
    flush(done?: () => void): this {
      const batch = [...this.buffer];
      setTimeout(() => {
        this.sent.push(...batch);
        this.buffer = [];
        done?.();
      }, 2);
      return this;
    }
    forceFlush(done?: () => void): this {
      return this.flush(done);
    }
  }
  const { Client: Guarded } = guardedCopy(Client, {
    record: ["record"],
    flush: ["flush", "forceFlush"],
    buffers: { buffer: "append" },
    ends: { callback: 0 },
  });
  const client = new Guarded();
  client.record(1);
  expect(client.flush()).toBe(client);
  client.record(2);
  await new Promise<void>((resolve) => {
    expect(client.forceFlush(resolve)).toBe(client);
  });
  expect(client.sent).toEqual([1, 2]);
});

test("a dictionary that the first flush finds empty is kept apart from it", async () => {
  class Client {
    counts: Record<string, number> = {};
    sent: Record<string, number> = {};
    record(key: string): void {
      this.counts[key] = (this.counts[key] ?? 0) + 1;
    }
    async flush(): Promise<void> {
      const batch = { ...this.counts };
      await sleep(2);
      for (const [key, count] of Object.entries(batch)) this.sent[key] = (this.sent[key] ?? 0) + count;
      this.counts = {};
    }
  }
  const sentOf = async (Used: typeof Client): Promise<Record<string, number>> => {
    const client = new Used();
    const first = client.flush();
    client.record("a");
    const second = client.flush();
    client.record("a");
    await Promise.all([first, second]);
    await client.flush();
    return client.sent;
  };
  const roles = { record: ["record"], flush: ["flush"], buffers: { counts: "sum" as const } };
  expect(await sentOf(guardedCopy(Client, roles).Client)).toEqual({ a: 2 });
  expect(await sentOf(Client)).toEqual({ a: 1 });
});
