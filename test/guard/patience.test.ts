import { expect, test } from "vitest";
import { run } from "./child.js";
import { guardedCopy } from "./guarded.js";

test("where nothing else keeps the process alive, a caller waits for 5 s at most, and one line says so", async () => {
  const { code, stdout, stderr } = await run(
    `
    const { guard } = await import(dist + "index.js");
    class Client {
      buffer = [];
      calls = 0;
      record(id) { this.buffer.push(id); }
      async flush() {
        if (this.calls++ === 0) await new Promise(() => {});
        this.buffer = [];
      }
    }
    guard(Client, { record: ["record"], flush: ["flush"], buffers: { buffer: "append" } });
    const client = new Client();
    client.record(1);
    void client.flush();
    const from = performance.now();
    await client.flush();
    console.log(client.calls, performance.now() - from);`,
    [],
    { FLUSHGUARD_FLUSH_TIMEOUT_MS: "60000" },
  );
  expect(code).toBe(0);
  const [calls, waitedMs] = stdout.split(" ").map(Number);
  expect(calls).toBe(2);
  expect(waitedMs).toBeGreaterThan(4_900);
  expect(waitedMs).toBeLessThan(25_000);
  expect(stderr).toMatch(/^flushguard: Client: a flush has not settled after 5\d\d\d ms; its lock is released\n$/);
});

test("the time in which nobody has waited is no part of that, nor is that in which something else keeps the process alive", async () => {
  const { code, stdout, stderr } = await run(
    `
    const { guard } = await import(dist + "index.js");
    class Client {
      buffer = [];
      record(id) { this.buffer.push(id); }
      flush() { return new Promise(() => {}); }
      async flushNow() {}
    }
    guard(Client, { record: ["record"], flush: ["flush", "flushNow"], buffers: { buffer: "append" } });
    const client = new Client();
    await client.flushNow();
    client.record(1);
    void client.flush();
    // What keeps the process alive is one timer of its own.
    await sleep(7_000);
    let waits = true;
    client.flushNow().then(() => { waits = false; });
    await sleep(6_000);
    console.log(waits);
    process.exit();`,
    [],
    { FLUSHGUARD_FLUSH_TIMEOUT_MS: "60000" },
  );
  expect({ code, stdout, stderr }).toEqual({ code: 0, stdout: "true\n", stderr: "" });
});

test("a close that ends the flush it waits for waits for 5 s at most", async () => {
  class Client {
    buffer: number[] = [];
    abort = (): void => {};
    record(id: number): void {
      this.buffer.push(id);
    }
    async flush(): Promise<void> {
      await new Promise<void>((_, reject) => {
        this.abort = () => reject(new Error("aborted"));
      });
      this.buffer = [];
    }
    async close(): Promise<void> {
      this.abort();
    }
  }
  const { Client: Guarded } = guardedCopy(
    Client,
    { record: ["record"], flush: ["flush"], close: ["close"], buffers: { buffer: "append" } },
    { flushTimeoutMs: 120_000 },
  );
  const client = new Guarded();
  client.record(1);
  const flushed = expect(client.flush()).rejects.toThrow("aborted");
  client.record(2);
  const from = performance.now();
  await Promise.all([flushed, client.close()]);
  const waitedMs = performance.now() - from;
  expect(waitedMs).toBeGreaterThan(4_900);
  expect(waitedMs).toBeLessThan(60_000);
  expect(client.buffer).toEqual([1, 2]);
});

test("an async close waits for 5 s at most for a flush that may not have its batch, then it finds what was recorded meanwhile", async () => {
  class Client {
    buffer: number[] = [];
    closedWith: number[] = [];
    record(id: number) {
      this.buffer.push(id);
    }
    async flush() {
      await new Promise(() => {});
      this.buffer = [];
    }
    async close() {
      this.closedWith = this.buffer.splice(0);
    }
  }
  const { Client: Guarded } = guardedCopy(
    Client,
    { record: ["record"], flush: ["flush"], close: ["close"], batch: "hold", returns: "nothing" },
    { flushTimeoutMs: 60_000 },
  );
  const client = new Guarded();
  client.record(1);
  void client.flush();
  client.record(2);
  const since = performance.now();
  await client.close();
  expect(client.closedWith).toEqual([1, 2]);
  expect(performance.now() - since).toBeGreaterThan(4_900);
});
