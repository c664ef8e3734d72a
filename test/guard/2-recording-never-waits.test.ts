import { createHook } from "node:async_hooks";
import { setTimeout as sleep } from "node:timers/promises";
import { describe, expect, test } from "vitest";
import type { Roles } from "../../dist/src/target.js";
import { guardedCopy } from "./guarded.js";

class Client {
  buffer: number[] = [];

  record(id: number) {
    this.buffer.push(id);
    return this;
  }

  async flush(): Promise<void> {
    await sleep(50);
    this.buffer = [];
  }
}

const roles: Roles = { record: ["record"], flush: ["flush"] };
const strategies: [string, Roles][] = [
  ["hold", roles],
  ["swap", { ...roles, buffers: { buffer: "append" } }],
  ["tracked", { ...roles, batch: "detached" }],
];

function resourcesDuring(call: () => void): string[] {
  const types: string[] = [];
  const hook = createHook({
    init(_, type) {
      types.push(type);
    },
  }).enable();
  call();
  hook.disable();
  return types;
}

describe("guarantee 2: recording never waits", () => {
  test.each(strategies)("%s: a record makes no promise and no timer, idle and busy", async (_, declared) => {
    const { Client: Guarded } = guardedCopy(Client, declared);
    const client = new Guarded();
    const record = (): void => {
      for (let id = 0; id < 1000; id++) expect(client.record(id)).toBe(client);
    };
    expect(resourcesDuring(record)).toEqual([]);
    const flushed = client.flush();
    // A held call keeps the context that it was made in.
    expect(resourcesDuring(record).filter((type) => type !== "flushguard.held")).toEqual([]);
    await flushed;
  });

  test.each(strategies)("%s: a record during a flush of 50 ms returns at once", async (_, declared) => {
    const { Client: Guarded } = guardedCopy(Client, declared);
    const client = new Guarded();
    const flushed = client.flush();
    const before = performance.now();
    client.record(1);
    expect(performance.now() - before).toBeLessThan(10);
    await flushed;
  });

  test("an instance is not held up by the flush of another one", async () => {
    const { Client: Guarded, counters } = guardedCopy(Client, roles);
    const [busy, idle] = [new Guarded(), new Guarded()];
    const flushed = busy.flush();
    idle.record(1);
    expect(idle.buffer).toEqual([1]);
    await flushed;
    expect(counters.held).toBe(0);
  });
});
