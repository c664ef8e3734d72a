import { setTimeout as sleep } from "node:timers/promises";
import { expect, test } from "vitest";
import type { Roles } from "../../dist/src/target.js";
import { guardedCopy } from "./guarded.js";

/** What is recorded while it flushes goes into a buffer of its own, which the flush brings back when it is over. */
class KeepsApart {
  current: number[] = [];
  next: number[] = [];
  sent: number[] = [];
  protected flushing = false;
  record(id: number): void {
    (this.flushing ? this.next : this.current).push(id);
  }
  async flush(): Promise<void> {
    if (this.flushing || this.current.length === 0) return;
    this.flushing = true;
    await sleep(2);
    this.sent.push(...this.current);
    this.current = this.next;
    this.next = [];
    this.flushing = false;
  }
}

class MakesRoom extends KeepsApart {
  override record(id: number): void {
    if (this.current.length > 1) void this.flush();
    super.record(id);
  }
}

const roles: Roles = {
  record: ["record"],
  flush: ["flush"],
  batch: "swap",
  buffers: { current: "append", next: "append" },
};

test.each([
  ["keeps records from its flush itself", KeepsApart],
  ["keeps them so, and flushes to make room", MakesRoom],
])("a client that %s sends each once, in order, as it does unguarded", async (_, Client) => {
  const { Client: Guarded } = guardedCopy(Client, roles);
  for (const client of [new Client(), new Guarded()]) {
    for (const id of [0, 1]) client.record(id);
    void client.flush();
    for (const id of [2, 3]) client.record(id);
    await sleep(10);
    for (const id of [4, 5]) client.record(id);
    void client.flush();
    for (const id of [6, 7]) client.record(id);
    await sleep(10);
    await client.flush();
    expect(client.sent).toEqual([0, 1, 2, 3, 4, 5, 6, 7]);
  }
});
