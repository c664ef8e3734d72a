import { AsyncLocalStorage } from "node:async_hooks";
import { describe, expect, test } from "vitest";
import type { Roles } from "../../dist/src/target.js";
import { copyOf, guardedCopy } from "./guarded.js";

const FULL = 4;

/** Sends a full buffer by a call that nothing outside can see, and then stores its value over what was recorded meanwhile. */
class Client {
  buffer: number[] = [];
  sent: number[] = [];
  onSend: (() => void) | undefined;

  record(id: number): void {
    const { buffer } = this;
    if (buffer.length < FULL) {
      this.buffer = [...buffer, id];
      return;
    }
    send(this);
    this.buffer = [id];
  }

  flush(): void {
    send(this);
  }

  get all(): number[] {
    return [...this.sent, ...this.buffer];
  }
}

function send(client: Client): void {
  client.sent.push(...client.buffer);
  client.buffer = [];
  client.onSend?.();
}

const roles: Roles = { record: ["record"], flush: ["flush"], batch: "on the stack" };

/** Records until a send, during which it records this often. */
function filled(Guarded: typeof Client, times: number): Client {
  const client = new Guarded();
  let next = FULL + 1;
  client.onSend = () => {
    client.onSend = undefined;
    for (const end = next + times; next < end; ) client.record(next++);
  };
  for (let id = 0; id <= FULL; id++) client.record(id);
  return client;
}

describe("a record made inside a record that sends the full buffer", () => {
  test.each([
    ["unguarded", () => copyOf(Client)],
    ["guarded without recordsCallOut", () => guardedCopy(Client, roles).Client],
  ])("is overwritten %s", (_, prepare) => {
    expect(filled(prepare(), 3).all).toEqual([0, 1, 2, 3, 4]);
  });

  test("is made when that one has returned", () => {
    const { Client: Guarded, counters, guarded } = guardedCopy(Client, { ...roles, callsOut: { record: true } });
    expect(filled(Guarded, 3).all).toEqual([0, 1, 2, 3, 4, 5, 6, 7]);
    expect(counters).toMatchObject({ held: 3, replayed: 3 });
    expect(guarded.idle).toBe(true);
  });

  test("fills the buffer itself, and what is recorded then is not lost either", () => {
    const { Client: Guarded } = guardedCopy(Client, { ...roles, callsOut: { record: true } });
    const client = filled(Guarded, FULL);
    client.onSend = () => client.record(100);
    client.flush();
    expect(client.all).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 100]);
  });

  test("goes out with the next flush where it came from a replay", () => {
    const { Client: Guarded } = guardedCopy(Client, { ...roles, callsOut: { record: true } });
    const client = new Guarded();
    let sends = 0;
    client.onSend = () => {
      if (++sends <= 2) for (let n = 0; n < FULL; n++) client.record(sends * 100 + n);
    };
    for (let id = 0; id <= FULL; id++) client.record(id);
    client.flush();
    expect(sends).toBeGreaterThan(1);
    client.flush();
    expect(client.sent).toEqual([0, 1, 2, 3, 4, 100, 101, 102, 103, 200, 201, 202, 203]);
  });
});

test("a record made inside another has the async context that it was made in", () => {
  const storage = new AsyncLocalStorage<string>();
  const contexts: unknown[] = [];
  class Scoped extends Client {
    override record(id: number): void {
      contexts.push([id, storage.getStore()]);
      super.record(id);
    }
  }
  const { Client: Guarded } = guardedCopy(Scoped, { ...roles, callsOut: { record: true } });
  const client = new Guarded();
  client.onSend = () => {
    storage.run("inner", () => client.record(6));
    client.record(7);
  };
  for (let id = 0; id < FULL; id++) client.record(id);
  storage.run("outer", () => client.record(5));
  expect(contexts.slice(FULL)).toEqual([
    [5, "outer"],
    [6, "inner"],
    [7, "outer"],
  ]);
  expect(client.all).toEqual([0, 1, 2, 3, 5, 6, 7]);
});
