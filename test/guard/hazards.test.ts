import { subscribe, unsubscribe } from "node:diagnostics_channel";
import { setTimeout as sleep, setImmediate as turn } from "node:timers/promises";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { Roles } from "../../dist/src/target.js";
import type { FlushMessage, HazardMessage } from "../../dist/src/telemetry/messages.js";
import { guardedCopy } from "./guarded.js";

const CHANNEL = "flushguard:hazard";
const FLUSH_CHANNEL = "tracing:flushguard:flush:asyncEnd";

let told: HazardMessage[] = [];
const listen = (message: unknown): void => void told.push(message as HazardMessage);

beforeEach(() => {
  told = [];
  subscribe(CHANNEL, listen);
});

afterEach(() => {
  unsubscribe(CHANNEL, listen);
});

/** The hazards told of so far, each with its counts. */
function averted(): [string, ...number[]][] {
  expect(told.every(({ outcome }) => outcome === "averted")).toBe(true);
  const hazards = [...new Set(told.map(({ hazard }) => hazard))].toSorted();
  return hazards.map((hazard) => [
    hazard,
    ...told.filter((message) => message.hazard === hazard).map(({ count }) => count),
  ]);
}

/** Reads its buffer, and clears it once the batch is sent. */
class Client {
  buffer: number[] = [];
  sent: number[] = [];
  fails = false;
  during: () => unknown = () => undefined;
  record(id: number): void {
    this.buffer.push(id);
  }
  async flush(): Promise<void> {
    const batch = [...this.buffer];
    const { during } = this;
    this.during = () => undefined;
    during();
    await sleep(2);
    if (this.fails) throw new Error("refused");
    this.sent.push(...batch);
    this.buffer = [];
  }
  async close(): Promise<void> {}
}

class OnTheStack extends Client {
  override flush(): never {
    const batch = [...this.buffer];
    const { during } = this;
    this.during = () => undefined;
    during();
    this.sent.push(...batch);
    this.buffer = [];
    return undefined as never;
  }
}

class Detaching extends Client {
  override async flush(): Promise<void> {
    const batch = this.buffer.splice(0);
    await sleep(2);
    this.sent.push(...batch);
  }
}

const methods: Roles = { record: ["record"], flush: ["flush"], close: ["close"], callsOut: { flush: true } };
const hold: Roles = { ...methods, batch: "hold" };
const viewed: Roles = { ...methods, buffers: { buffer: "append" }, view: true };
const swapped: Roles = { ...methods, buffers: { buffer: "append" } };
const onTheStack: Roles = { ...methods, batch: "on the stack", returns: "nothing" };
const detached: Roles = { ...methods, batch: "detached" };

/** One that has told what its methods give. */
async function used<C extends new () => Client>(Class: C, roles: Roles): Promise<InstanceType<C>> {
  const client = new (guardedCopy(Class, roles).Client)() as InstanceType<C>;
  client.record(0);
  await client.flush();
  return client;
}

describe("whoever listens is told of a hazard once, and of how many records", () => {
  test("that are held, when they are made", async () => {
    const client = await used(Client, hold);
    client.record(1);
    const flushed = client.flush();
    for (const id of [2, 3]) client.record(id);
    expect(averted()).toEqual([]);
    await flushed;
    expect(averted()).toEqual([["lost update", 2]]);
  });

  test.each([
    ["on a view", viewed],
    ["on the instance", swapped],
  ])("that a flush %s would have thrown away", async (_, roles) => {
    const client = await used(Client, roles);
    client.record(1);
    const flushed = client.flush();
    for (const id of [2, 3]) client.record(id);
    await flushed;
    expect(averted()).toEqual([["lost update", 2]]);
  });

  test("that are left of one which has failed", async () => {
    const client = await used(Client, viewed);
    for (const id of [1, 2, 3]) client.record(id);
    client.fails = true;
    const flushed = expect(client.flush()).rejects.toThrow("refused");
    client.record(4);
    await flushed;
    expect(averted()).toEqual([["failed send", 3]]);
    expect(client.buffer).toEqual([1, 2, 3, 4]);
  });

  test("that a synchronous flush has recorded itself", async () => {
    const client = await used(OnTheStack, onTheStack);
    client.record(1);
    client.during = () => {
      for (const id of [2, 3]) client.record(id);
    };
    client.flush();
    expect(averted()).toEqual([["re-entrancy", 2]]);
    expect(client.buffer).toEqual([2, 3]);
  });
});

test.each([
  ["held", hold],
  ["kept by a view", viewed],
  ["put aside", swapped],
])("whoever follows a flush is told how many records were %s", async (_, roles) => {
  const client = await used(Client, roles);
  const flushes: FlushMessage[] = [];
  const over = (message: unknown): void => void flushes.push(message as FlushMessage);
  subscribe(FLUSH_CHANNEL, over);
  client.record(1);
  const flushed = client.flush();
  for (const id of [2, 3]) client.record(id);
  await flushed;
  unsubscribe(FLUSH_CHANNEL, over);
  expect(flushes[0]).toMatchObject({ held: 2, ...(roles === viewed ? { mergedBack: 0 } : {}) });
});

describe("and of a call", () => {
  test("a flush that waits for one in flight", async () => {
    const client = await used(Client, hold);
    client.record(1);
    await Promise.all([client.flush(), client.flush()]);
    expect(averted()).toEqual([["double send", 1]]);
  });

  test("a flush that a flush asks for", async () => {
    const client = await used(Client, hold);
    client.record(1);
    client.during = () => void client.flush();
    await client.flush();
    expect(averted()).toEqual([["re-entrancy", 1]]);
  });

  test("a flush that a synchronous one asks for", async () => {
    const client = await used(OnTheStack, onTheStack);
    client.record(1);
    client.during = () => void client.flush();
    client.flush();
    await turn();
    expect(averted()).toEqual([["re-entrancy", 1]]);
  });

  test("a flush that would have settled before one in flight", async () => {
    const client = await used(Detaching, detached);
    client.record(1);
    const first = client.flush();
    await client.flush();
    expect(client.sent).toEqual([0, 1]);
    await first;
    expect(averted()).toEqual([["early return", 1]]);
  });

  test.each([
    ["hold", hold],
    ["a view", viewed],
    ["detached", detached],
  ])("a close while a flush is in flight, %s", async (_, roles) => {
    const client = await used(roles === detached ? Detaching : Client, roles);
    client.record(1);
    const flushed = client.flush();
    await Promise.all([client.close(), flushed]);
    expect(averted()).toEqual([["close", 1]]);
  });
});

test.each([
  ["hold", Client, hold],
  ["a view", Client, viewed],
  ["swap", Client, swapped],
  ["on the stack", OnTheStack, onTheStack],
  ["detached", Detaching, detached],
] as const)("nothing is told of calls that come one after another: %s", async (_, Class, roles) => {
  const client = await used(Class, roles);
  for (const id of [1, 2]) {
    client.record(id);
    await client.flush();
  }
  await client.close();
  expect(averted()).toEqual([]);
  expect(client.sent).toEqual([0, 1, 2]);
});
