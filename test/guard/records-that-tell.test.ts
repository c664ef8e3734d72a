import { setTimeout as sleep } from "node:timers/promises";
import { expect, test } from "vitest";
import type { Roles } from "../../dist/src/target.js";
import { guardedCopy } from "./guarded.js";

const roles: Roles = { record: ["record"], flush: ["flush"], buffers: { buffer: "append" } };

class Buffered {
  buffer: number[] = [];
  sent: number[] = [];
  async flush(): Promise<void> {
    const batch = [...this.buffer];
    await sleep(2);
    this.sent.push(...batch);
    this.buffer = [];
  }
}

test("a record that returns how much is in the buffer returns the same during a flush", async () => {
  class Client extends Buffered {
    record(id: number): number {
      return this.buffer.push(id);
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
  class Client extends Buffered {
    async record(id: number): Promise<void> {
      await sleep(1);
      this.buffer.push(id);
      if (this.buffer.length >= 2) await this.flush();
    }
    override async flush(): Promise<void> {
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

test("a record that has thrown is kept from a flush still, and throws to its caller during one", async () => {
  class Client extends Buffered {
    record(id: number): void {
      if (id < 0) throw new RangeError("negative");
      this.buffer.push(id);
    }
  }
  const sentOf = async (Used: typeof Client): Promise<number[]> => {
    const client = new Used();
    client.record(1);
    expect(() => client.record(-1)).toThrow("negative");
    const flushed = client.flush();
    client.record(2);
    expect(() => client.record(-1)).toThrow("negative");
    await flushed;
    client.record(3);
    await client.flush();
    return client.sent;
  };
  expect(await sentOf(guardedCopy(Client, roles).Client)).toEqual([1, 2, 3]);
  expect(await sentOf(Client)).toEqual([1, 3]);
});

test.each([
  ["held", { record: ["record"], flush: ["flush"] }],
  ["put aside", roles],
])("a flush waits for a value that comes into its buffer late: %s", async (_, declared) => {
  class Client extends Buffered {
    async record(id: number): Promise<void> {
      await sleep(1);
      this.buffer.push(id);
    }
  }
  const sentBy = async (client: Client): Promise<number[]> => {
    void client.record(1);
    await client.flush();
    return client.sent;
  };
  expect(await sentBy(new Client())).toEqual([]);
  expect(await sentBy(new (guardedCopy(Client, declared).Client)())).toEqual([1]);
});

test.each([1, 20])(
  "a held record that has thrown after %i calls throws to its caller during a flush",
  async (calls) => {
    class Client extends Buffered {
      record(id: number): void {
        if (id < 0) throw new RangeError("negative");
        this.buffer.push(id);
      }
    }
    const client = new (guardedCopy(Client, { record: ["record"], flush: ["flush"] }).Client)();
    for (let id = 1; id <= calls; id++) client.record(id);
    expect(() => client.record(-1)).toThrow("negative");
    const flushed = client.flush();
    expect(() => client.record(-1)).toThrow("negative");
    await flushed;
  },
);

test("a flush that a record asks for is waited for by the flush that waits for the record", async () => {
  class Client extends Buffered {
    async record(id: number): Promise<void> {
      await sleep(1);
      this.buffer.push(id);
      if (this.buffer.length >= 2) void this.flush();
    }
    override async flush(): Promise<void> {
      const batch = this.buffer.splice(0);
      if (batch.length === 0) return;
      await sleep(20);
      this.sent.push(...batch);
    }
  }
  const client = new (guardedCopy(Client, roles).Client)();
  await client.flush();
  await client.record(1);
  void client.record(2);
  await client.flush();
  expect(client.sent).toEqual([1, 2]);
});

test("a value that comes in beside the first flush is sent by the next one that a record asks for, as it is unguarded", async () => {
  class Client extends Buffered {
    async record(id: number): Promise<void> {
      await sleep(1);
      this.buffer.push(id);
      if (this.buffer.length >= 3) void this.flush();
    }
    override flush(): Promise<void> {
      const batch = [...this.buffer];
      return sleep(40).then(() => {
        this.sent.push(...batch);
        this.buffer = [];
      });
    }
  }
  for (const Used of [Client, guardedCopy(Client, roles).Client]) {
    const client = new Used();
    await client.record(1);
    const late = client.record(2);
    const flushed = client.flush();
    await late;
    await client.record(3);
    await flushed;
    await sleep(60);
    expect([...new Set([...client.sent, ...client.buffer])]).toEqual([1, 2, 3]);
  }
});
