import { setTimeout as sleep } from "node:timers/promises";
import { describe, expect, test } from "vitest";
import type { Roles } from "../../dist/src/target.js";
import { guardedCopy } from "./guarded.js";

class Client {
  buffer: number[] = [];
  /** The arguments of each flush, in the order they ran. */
  ran: unknown[][] = [];
  running = 0;
  most = 0;

  record(id: number) {
    this.buffer.push(id);
  }

  async flush(...args: unknown[]): Promise<number> {
    this.ran.push(args);
    this.running++;
    this.most = Math.max(this.most, this.running);
    const { length } = this.buffer;
    await sleep(2);
    this.buffer = [];
    this.running--;
    return length;
  }
}

const roles: Roles = { record: ["record"], flush: ["flush"] };
const strategies: [string, Roles][] = [
  ["hold", roles],
  ["swap", { ...roles, buffers: { buffer: "append" } }],
];

/** Of a client that has not recorded yet nothing is known that would keep a flush waiting. */
async function used<C extends Client>(client: C): Promise<C> {
  client.record(1);
  await client.flush();
  client.ran.length = 0;
  return client;
}

describe("guarantee 3: one flush at a time per owner", () => {
  test.each(strategies)("%s: ten overlapping flushes are two", async (_, declared) => {
    const { Client: Guarded, counters } = guardedCopy(Client, declared);
    const client = new Guarded();
    client.record(1);
    const first = client.flush();
    client.record(2);
    client.record(3);
    const joined = Array.from({ length: 9 }, () => client.flush());
    expect(await first).toBe(1);
    expect(await Promise.all(joined)).toEqual(Array(9).fill(2));
    expect(client.ran).toHaveLength(2);
    expect(counters).toMatchObject({ flushes: 2, joined: 9 });
  });

  test.each(strategies)(
    "%s: flushes with arguments run each, in their turn, behind a follow-up",
    async (_, declared) => {
      const { Client: Guarded } = guardedCopy(Client, declared);
      const client = await used(new Guarded());
      const all = [client.flush(), client.flush(), client.flush({ force: true }), client.flush(), client.flush("now")];
      await Promise.all(all);
      expect(client.ran).toEqual([[], [], [{ force: true }], ["now"]]);
      expect(client.most).toBe(1);
    },
  );

  test.each(strategies)("%s: a follow-up that throws gives the lock back", async (_, declared) => {
    class Throws extends Client {
      override flush(...args: unknown[]): Promise<number> {
        if (this.ran.length === 1) {
          this.ran.push(args);
          throw new Error("thrown");
        }
        return super.flush(...args);
      }
    }
    const { Client: Guarded, guarded } = guardedCopy(Throws, declared);
    const client = await used(new Guarded());
    const first = client.flush();
    const [second, third] = [client.flush(), client.flush("later")];
    await first;
    await expect(second).rejects.toThrow("thrown");
    await third;
    expect(client.ran).toHaveLength(3);
    expect(guarded.idle).toBe(true);
  });
});
