import { setTimeout as sleep } from "node:timers/promises";
import { expect, test } from "vitest";
import { guardedCopy } from "./guarded.js";

class Client {
  buffer: number[] = [];
  sent: number[] = [];
  closed = false;
  put(id: number): void {
    if (!this.closed) this.buffer.push(id);
  }
  record(id: number): Promise<number> {
    if (!this.closed) this.buffer.push(id);
    return Promise.resolve(id);
  }
  async flush(): Promise<void> {
    const batch = [...this.buffer];
    await sleep(2);
    this.sent.push(...batch);
    this.buffer = [];
  }
  close(): void {
    void this.flush();
    this.closed = true;
  }
}

/** Used once while nothing is in flight, so that what its methods return is known. */
async function used(): Promise<Client> {
  const { Client: Guarded } = guardedCopy(Client, {
    record: ["put", "record"],
    flush: ["flush"],
    close: ["close"],
    batch: "hold",
  });
  const client = new Guarded();
  client.put(1);
  await client.record(2);
  await client.flush();
  return client;
}

test("records that give a promise and others that are held come in the order in which they were made", async () => {
  const client = await used();
  client.put(3);
  const flushed = client.flush();
  client.put(4);
  const recorded = client.record(5);
  client.put(6);
  expect(client.buffer).toEqual([3]);
  await flushed;
  expect(await recorded).toBe(5);
  await client.flush();
  expect(client.sent).toEqual([1, 2, 3, 4, 5, 6]);
});

test("a close that cannot wait comes after them", async () => {
  const client = await used();
  client.put(3);
  void client.flush();
  const recorded = client.record(4);
  client.close();
  expect(client.buffer).toEqual([3, 4]);
  expect(await recorded).toBe(4);
  await sleep(10);
  expect(client.sent).toContain(4);
});

test("a promise whose call throws is rejected", async () => {
  class Strict extends Client {
    override record(id: number): Promise<number> {
      if (id < 0) throw new RangeError("negative");
      return super.record(id);
    }
  }
  const { Client: Guarded } = guardedCopy(Strict, { record: ["record"], flush: ["flush"], batch: "hold" });
  const client = new Guarded();
  await client.record(1);
  const flushed = client.flush();
  const refused = expect(client.record(-1)).rejects.toThrow("negative");
  await flushed;
  await refused;
});

test("no flush waits for a record that has put its value into the buffer before it gave a promise", async () => {
  class Slow extends Client {
    override async record(id: number): Promise<number> {
      this.buffer.push(id);
      await sleep(200);
      return id;
    }
  }
  const { Client: Guarded } = guardedCopy(Slow, {
    record: ["record"],
    flush: ["flush"],
    buffers: { buffer: "append" },
  });
  const client = new Guarded();
  const first = client.record(1);
  const second = client.record(2);
  let settled = false;
  void first.then(() => {
    settled = true;
  });
  await client.flush();
  expect(client.sent).toEqual([1, 2]);
  expect(settled).toBe(false);
  expect(await second).toBe(2);
});

test("a flush does not wait for records whose promise it settles, whatever the first of them has given", async () => {
  /** A client's record is over when what it recorded has been sent. */
  class Acknowledged {
    buffer: { id: number; sent: () => void }[] = [];
    closed = true;
    record(id: number): Promise<void> | undefined {
      if (this.closed) return undefined;
      return new Promise((resolve) => this.buffer.push({ id, sent: resolve }));
    }
    async flush(): Promise<void> {
      const batch = this.buffer;
      this.buffer = [];
      await sleep(2);
      for (const { sent } of batch) sent();
    }
  }
  const { Client: Guarded } = guardedCopy(Acknowledged, {
    record: ["record"],
    flush: ["flush"],
    batch: "swap",
    buffers: { buffer: "append" },
  });
  const client = new Guarded();
  expect(client.record(1)).toBeUndefined();
  client.closed = false;
  const began = performance.now();
  const recorded = client.record(2);
  void client.flush();
  await client.flush();
  await recorded;
  // It would wait for a second.
  expect(performance.now() - began).toBeLessThan(500);
});

test("a flush does not wait for such records either where the first is made while another runs", async () => {
  class Acknowledged {
    buffer: (() => void)[] = [];
    record(): Promise<void> {
      return new Promise((resolve) => this.buffer.push(resolve));
    }
    async flush(): Promise<void> {
      if (this.buffer.length === 0) return;
      const batch = [...this.buffer];
      await sleep(2);
      for (const sent of batch) sent();
      this.buffer.splice(0, batch.length);
    }
  }
  const { Client: Guarded } = guardedCopy(Acknowledged, { record: ["record"], flush: ["flush"], batch: "hold" });
  const client = new Guarded();
  const began = performance.now();
  void client.flush();
  const recorded = client.record();
  await sleep(2);
  await client.flush();
  await recorded;
  // It would wait for a second.
  expect(performance.now() - began).toBeLessThan(500);
});

test("one that throws at once fails for whoever awaits it, and is kept waiting no more", async () => {
  class Checked extends Client {
    override record(id: number): Promise<number> {
      if (id < 0) throw new RangeError(`no such id: ${id}`);
      return super.record(id);
    }
  }
  const { Client: Guarded } = guardedCopy(Checked, {
    record: ["record"],
    flush: ["flush"],
    close: ["close"],
    batch: "hold",
  });
  const client = new Guarded();
  await client.record(1);
  const unhandled: unknown[] = [];
  const note = (error: unknown): void => void unhandled.push(error);
  process.on("unhandledRejection", note);
  const flushed = client.flush();
  void client.record(-1);
  await expect(client.record(-2)).rejects.toThrow("no such id: -2");
  await flushed;
  await sleep(5);
  process.off("unhandledRejection", note);
  expect(unhandled).toEqual([]);
  const again = client.flush();
  expect(() => client.record(-3)).toThrow("no such id: -3");
  await again;
  await client.record(2);
  await client.flush();
  expect(client.sent).toEqual([1, 2]);
});
