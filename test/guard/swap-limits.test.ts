import { setTimeout as sleep } from "node:timers/promises";
import { expect, test } from "vitest";
import { guardedCopy, losesNothing } from "./guarded.js";

class Client {
  buffer: number[] = [];
  sent: number[] = [];

  record(id: number): void {
    this.buffer.push(id);
  }

  format(ids: readonly number[]): readonly number[] {
    return ids;
  }

  async flush(): Promise<void> {
    const batch = [...this.buffer];
    await sleep(5);
    this.sent.push(...this.format(batch));
    this.buffer = [];
  }
}

const roles = { record: ["record"], flush: ["flush"], buffers: { buffer: "append" } } as const;

test("a flush called on a foreign object leaves the guard of the clients on", async () => {
  const { Client: Guarded, guarded } = guardedCopy(Client, roles);
  await expect(Guarded.prototype.flush.call({} as Client)).rejects.toThrow(TypeError);
  expect(guarded.enabled).toBe(true);
  const client = new Guarded();
  await losesNothing(client);
});

test("a subclass with #private fields of its own flushes as it does unguarded", async () => {
  const { Client: Guarded, guarded } = guardedCopy(Client, roles);
  class Counting extends Guarded {
    #formatted = 0;
    override format(ids: readonly number[]): readonly number[] {
      this.#formatted += ids.length;
      return super.format(ids);
    }
    get formatted(): number {
      return this.#formatted;
    }
  }
  const client = new Counting();
  client.record(1);
  await Promise.all([client.flush(), client.flush()]);
  expect(client.sent).toEqual([1]);
  expect(client.formatted).toBe(1);
  expect(guarded.enabled).toBe(true);
});

test("a declared buffer that is not there is told, and nothing is lost", async () => {
  const { Client: Guarded, guarded } = guardedCopy(Client, { ...roles, buffers: { bufer: "append" } });
  const client = new Guarded();
  await losesNothing(client);
  expect([...guarded.reasons]).toEqual([
    'buffers: it has no "bufer", and a record has put its value in "buffer"; its record calls wait while a flush runs',
  ]);
});

test("a declared buffer that the first record makes is one", async () => {
  class Lazy extends Client {
    declare later?: number[];
    override record(id: number): void {
      this.later ??= [];
      this.later.push(id);
      super.record(id);
    }
  }
  const { Client: Guarded, guarded } = guardedCopy(Lazy, { ...roles, buffers: { later: "append" } });
  const client = new Guarded();
  client.record(1);
  await client.flush();
  expect(client.sent).toEqual([1]);
  expect([...guarded.reasons]).toEqual([]);
});
