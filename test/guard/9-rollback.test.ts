import { setTimeout as sleep } from "node:timers/promises";
import { afterEach, describe, expect, test } from "vitest";
import { disable, enable, guard, status } from "../../dist/src/index.js";
import type { Roles } from "../../dist/src/target.js";
import { losesNothing, methodOf } from "./guarded.js";

const roles: Roles = { record: ["record"], flush: ["flush"], close: ["close"] };
const strategies: [string, Roles][] = [
  ["hold", roles],
  ["swap", { ...roles, buffers: { buffer: "append" } }],
];

function makeClass() {
  return class Client {
    buffer: number[] = [];
    sent: number[] = [];

    record(id: number) {
      this.buffer.push(id);
    }

    async flush(): Promise<void> {
      const batch = [...this.buffer];
      await sleep(5);
      this.sent.push(...batch);
      this.buffer.splice(0, this.buffer.length);
    }

    async close(): Promise<void> {
      await this.flush();
    }
  };
}

describe("guarantee 9: rollback is exact", () => {
  afterEach(() => disable());

  test.each(strategies)("%s: disable() puts the identical functions and descriptors back", async (_, declared) => {
    const Client = makeClass();
    const before = Object.getOwnPropertyDescriptors(Client.prototype);
    const keys = Reflect.ownKeys(Client.prototype);
    enable();
    expect(guard(Client, declared).guarded).toBe(true);
    expect(methodOf(Client, "flush")).not.toBe(before.flush.value);
    await disable();
    expect(Object.getOwnPropertyDescriptors(Client.prototype)).toEqual(before);
    for (const name of ["record", "flush", "close"] as const) expect(methodOf(Client, name)).toBe(before[name].value);
    expect(Reflect.ownKeys(Client.prototype)).toEqual(keys);
  });

  test.each(strategies)("%s: disable() while flushes are in flight loses nothing", async (_, declared) => {
    const Client = makeClass();
    const flush = methodOf(Client, "flush");
    enable();
    guard(Client, declared);
    const client = new Client();
    client.record(1);
    const flushed = client.flush();
    client.record(2);
    const joined = client.flush();
    const disabled = disable();
    client.record(3);
    expect(methodOf(Client, "flush")).not.toBe(flush);
    await disabled;
    expect(methodOf(Client, "flush")).toBe(flush);
    await Promise.all([flushed, joined]);
    client.record(4);
    await client.flush();
    expect(client.sent).toEqual([1, 2, 3, 4]);
  });

  test.each(strategies)("%s: enable() after disable() guards again, and restore() undoes it", async (_, declared) => {
    const Client = makeClass();
    const flush = methodOf(Client, "flush");
    enable();
    const handle = guard(Client, declared);
    await disable();
    enable();
    expect(methodOf(Client, "flush")).not.toBe(flush);
    await losesNothing(new Client());
    handle.restore();
    await disable();
    expect(methodOf(Client, "flush")).toBe(flush);
  });

  test.each(strategies)("%s: methods that were taken before disable() are the originals", async (_, declared) => {
    const Client = makeClass();
    let prepared = 0;
    enable();
    const roles: Roles = { ...declared, prepare: () => void prepared++ };
    guard(Client, roles);
    const { record, flush } = Client.prototype;
    record.call(new Client(), 0);
    expect(prepared).toBe(1);
    await disable();
    const client = new Client();
    record.call(client, 1);
    const flushed = flush.call(client);
    record.call(client, 2);
    await flushed;
    expect([client.sent, client.buffer]).toEqual([[1], []]);
    expect(prepared).toBe(1);
  });

  test("a method that others have wrapped since stays theirs", async () => {
    const Client = makeClass();
    enable();
    guard(Client, roles);
    const ours = methodOf(Client, "flush") as () => Promise<void>;
    const theirs = function (this: InstanceType<typeof Client>): Promise<void> {
      return ours.call(this);
    };
    Client.prototype.flush = theirs;
    await disable();
    expect(methodOf(Client, "flush")).toBe(theirs);
    const client = new Client();
    client.record(1);
    await client.flush();
    expect(client.sent).toEqual([1]);
    expect(status().enabled).toBe(false);
  });

  test("disable() settles under flushes that overlap all the time", async () => {
    const Client = makeClass();
    enable();
    guard(Client, roles);
    const client = new Client();
    const timer = setInterval(() => {
      client.record(1);
      void client.flush();
    }, 1);
    await sleep(10);
    const disabled = await Promise.race([disable().then(() => true), sleep(1000, false)]);
    clearInterval(timer);
    expect(disabled).toBe(true);
  });

  /** Flushes by itself, and reads its buffer before it clears it. */
  class AutoFlush {
    buffer: number[] = [];
    sent: number[][] = [];
    record(id: number): void {
      this.buffer.push(id);
      if (this.buffer.length >= 2) void this.flush();
    }
    async flush(): Promise<void> {
      if (this.buffer.length === 0) return;
      const batch = [...this.buffer];
      await sleep(5);
      this.sent.push(batch);
      this.buffer = [];
    }
  }
  const auto: Roles = { record: ["record"], flush: ["flush"], buffers: { buffer: "append" } };

  test.each([
    ["swap", auto],
    ["on a view", { ...auto, view: true }],
  ])("%s: a flush while disable() waits finds what was kept from the one in flight", async (_, declared) => {
    const Client = class extends AutoFlush {};
    enable();
    guard(Client, declared);
    const client = new Client();
    client.record(1);
    const flushed = client.flush();
    client.record(2);
    const disabled = disable();
    await client.flush();
    expect(client.sent.flat()).toContain(2);
    await Promise.all([flushed, disabled]);
    expect(client.buffer).toEqual([]);
  });

  test("a record while disable() waits is not sent once more by a flush of the guard's", async () => {
    const Client = class extends AutoFlush {
      override async flush(): Promise<void> {
        while (this.buffer.length > 0) await super.flush();
      }
    };
    enable();
    const viewed: Roles = { ...auto, view: true };
    guard(Client, viewed);
    const client = new Client();
    for (const id of [1, 2, 3]) client.record(id);
    const disabled = disable();
    client.record(4);
    await disabled;
    await sleep(20);
    expect(client.sent.flat().filter((id) => id === 4)).toEqual([4]);
  });

  test("restore() lets a flush that waits run before what the app does next", async () => {
    const Client = class extends AutoFlush {};
    enable();
    const handle = guard(Client, auto);
    const client = new Client();
    client.record(1);
    const first = client.flush();
    client.record(2);
    const second = client.flush();
    handle.restore();
    // Unguarded it has begun, with what was there.
    client.buffer = [];
    client.record(3);
    await Promise.all([first, second]);
    expect(client.sent.flat()).toContain(2);
  });
});
