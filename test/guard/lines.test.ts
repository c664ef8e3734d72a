import fs from "node:fs";
import { syncBuiltinESMExports } from "node:module";
import { setTimeout as sleep, setImmediate as turn } from "node:timers/promises";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { setLogLevel } from "../../dist/src/log.js";
import type { Roles } from "../../dist/src/target.js";
import { guardClass } from "./guarded.js";

let lines: string[] = [];

beforeEach(() => {
  lines = [];
  vi.spyOn(fs, "writeSync").mockImplementation((_, line) => lines.push(String(line)));
  syncBuiltinESMExports();
  setLogLevel("info");
});

afterEach(() => {
  setLogLevel("silent");
  vi.restoreAllMocks();
  syncBuiltinESMExports();
});

/** A class that is guarded, and reads its buffer a while before it clears it. */
function guarded(roles: Roles, limits: Parameters<typeof guardClass>[2] = {}) {
  class Client {
    buffer: number[] = [];
    sent: number[] = [];
    isClosed = false;
    answered: Promise<unknown> = sleep(2);
    during: () => unknown = () => undefined;
    record(id: number): void {
      if (id < 0) throw new RangeError(`no such id: ${id}`);
      this.buffer.push(id);
    }
    async flush(): Promise<void> {
      const batch = [...this.buffer];
      this.during();
      await this.answered;
      this.sent.push(...batch);
      this.buffer = [];
    }
    flushNow(): void {
      const { during } = this;
      this.during = () => undefined;
      during();
      if (this.buffer.includes(0)) throw new Error("nothing to send to");
      this.sent.push(...this.buffer.splice(0));
    }
    send(): Promise<void> {
      return this.flush();
    }
    async close(): Promise<void> {
      this.isClosed = true;
    }
    end(): void {
      if (this.isClosed) throw new Error("closed already");
      this.isClosed = true;
    }
  }
  guardClass(Client, roles, limits);
  return new Client();
}

const methods: Roles = { record: ["record"], flush: ["flush"], close: ["close"] };
const hold: Roles = { ...methods, batch: "hold", returns: "nothing" };

/** It never gives an answer. */
const NEVER = new Promise<never>(() => {});

test("a held record that throws is told of, as its caller has long returned", async () => {
  const client = guarded(hold);
  const flushed = client.flush();
  for (const id of [-1, 2]) client.record(id);
  await flushed;
  expect(lines).toEqual(["flushguard: Client: a held record call failed: no such id: -1\n"]);
});

test("so is a close that has waited", async () => {
  const client = guarded({ ...methods, close: ["end"], batch: "on the stack", beforeClose: () => sleep(2) });
  client.isClosed = true;
  expect(client.end()).toBeUndefined();
  await sleep(10);
  expect(lines).toEqual(["flushguard: Client: a close that had waited for a flush threw: closed already\n"]);
});

test("and a flush that another has asked for", async () => {
  const roles: Roles = { ...hold, flush: ["flushNow"], batch: "on the stack", callsOut: { flush: true } };
  const client = guarded(roles);
  client.during = () => {
    client.record(0);
    client.flushNow();
  };
  client.flushNow();
  await turn();
  expect(lines).toEqual(["flushguard: Client: a call that had waited for a flush threw: nothing to send to\n"]);
});

test("more records than may wait for a flush, in one line", () => {
  const client = guarded(hold, { maxHeld: 2 });
  client.answered = NEVER;
  void client.flush();
  for (const id of [1, 2, 3, 4]) client.record(id);
  expect(client.buffer).toEqual([1, 2, 3, 4]);
  expect(lines).toEqual(["flushguard: Client: 2 record calls are held for one flush; its lock is released\n"]);
});

test("a flush whose time is over, in one line", async () => {
  const client = guarded(hold, { flushTimeoutMs: 20 });
  client.answered = NEVER;
  void client.flush();
  await expect.poll(() => lines).toHaveLength(1);
  expect(lines[0]).toMatch(/^flushguard: Client: a flush has not settled after 2\d ms; its lock is released\n$/);
});

test("a client that is closed although its flush has not settled", async () => {
  const client = guarded({ ...methods, send: ["send"], batch: "detached", drains: true }, { flushTimeoutMs: 20 });
  client.answered = NEVER;
  await client.close();
  expect(client.isClosed).toBe(true);
  expect(lines).toEqual(["flushguard: Client: a flush has not settled after 20 ms; its client is closed\n"]);
});

test.each<[string, Roles]>([
  ["held", hold],
  ["aside", { ...methods, buffers: { buffer: "append" } }],
  ["on a view", { ...methods, buffers: { buffer: "append" }, view: true }],
  ["detached", { ...methods, send: ["send"], batch: "detached", drains: true }],
])("nothing is said where all goes well: %s", async (_, roles) => {
  const client = guarded(roles);
  client.record(1);
  const flushed = client.flush();
  client.record(2);
  await Promise.all([flushed, client.flush()]);
  await client.close();
  expect(lines).toEqual([]);
});
