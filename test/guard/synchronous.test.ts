import { setTimeout as sleep, setImmediate as turn } from "node:timers/promises";
import { expect, test } from "vitest";
import type { Roles } from "../../dist/src/target.js";
import { copyOf, guardedCopy } from "./guarded.js";

/** Calls out before it clears its buffer, and sends what is left when it is closed. */
class Client {
  buffer: number[] = [];
  sent: number[] = [];
  closed = false;

  record(id: number): void {
    this.buffer.push(id);
  }

  flush(callback?: () => void): void {
    this.sent.push(...this.buffer);
    callback?.();
    this.buffer = [];
  }

  close(): void {
    this.flush();
    this.closed = true;
  }
}

const roles: Roles = { record: ["record"], flush: ["flush"], close: ["close"], batch: "on the stack" };

test.each([
  ["unguarded", () => copyOf(Client), [1, 1, 2]],
  ["guarded", () => guardedCopy(Client, roles).Client, [1, 2]],
])("%s: a close from inside a flush comes after what that flush recorded", async (_, prepare, sent) => {
  const client = new (prepare())();
  client.record(1);
  client.flush(() => {
    client.record(2);
    client.close();
  });
  await turn();
  expect(client.closed).toBe(true);
  expect([...client.sent, ...client.buffer]).toEqual(sent);
});

test("what a replay recorded goes out with the next flush, before its second is over", async () => {
  class Reporting extends Client {
    failing = true;
    override record(id: number): void {
      super.record(id);
      if (this.failing && this.buffer.length > 0) this.flush(() => this.record(id + 10));
    }
  }
  const { Client: Guarded } = guardedCopy(Reporting, { ...roles, callsOut: { flush: true }, returns: "nothing" });
  const client = new Guarded();
  client.record(1);
  client.failing = false;
  await sleep(20);
  client.flush();
  expect(client.sent).toEqual([1, 11, 21]);
});
