import { setTimeout as sleep } from "node:timers/promises";
import { describe, expect, test } from "vitest";
import type { Roles } from "../../dist/src/target.js";
import { type Class, guardedCopy, sorted } from "./guarded.js";

const ROOM = 2;

/** One that flushes when it is full, and then puts the value in. */
class MakesRoom {
  a: number[] = [];
  sent: number[] = [];
  record(id: number): unknown {
    if (this.a.length >= ROOM) void this.flush();
    this.a.push(id);
    return undefined;
  }
  async flush(): Promise<void> {
    if (this.a.length === 0) return;
    const batch = [...this.a];
    await sleep(2);
    this.sent.push(...batch);
    this.a = [];
  }
}

class Chained extends MakesRoom {
  override record(id: number): this {
    super.record(id);
    return this;
  }
}

/** The sum of what was recorded under each of two keys. */
class Sums {
  a = new Map<string, number>();
  sent: number[] = [];
  record(id: number): void {
    if (this.a.size >= ROOM) void this.flush();
    const key = id % 2 === 0 ? "even" : "odd";
    this.a.set(key, (this.a.get(key) ?? 0) + 10 ** id);
  }
  async flush(): Promise<void> {
    const batch = [...this.a.values()];
    await sleep(2);
    for (const sum of batch) this.sent.push(...digitsOf(sum));
    this.a = new Map();
  }
}

/** Which values add up to a sum of powers of ten, each as often as it is in it. */
const digitsOf = (sum: number): number[] =>
  String(sum)
    .split("")
    .toReversed()
    .flatMap((times, id) => Array.from({ length: Number(times) }, () => id));

/** One that keeps beside its values who waits for them. */
class Awaited {
  a: number[] = [];
  waiting = new Map<number, () => void>();
  sent: number[] = [];
  record(id: number): Promise<void> {
    this.a.push(id);
    if (this.a.length >= ROOM) void this.flush();
    return new Promise((resolve) => this.waiting.set(id, resolve));
  }
  async flush(): Promise<void> {
    if (this.a.length === 0) return;
    const batch = [...this.a];
    await sleep(2);
    this.sent.push(...batch);
    for (const id of batch) this.waiting.get(id)?.();
    for (const id of batch) this.waiting.delete(id);
    this.a = [];
  }
}

/** One that asks for a flush a little later, too. */
class Timed extends MakesRoom {
  state: { timer: NodeJS.Timeout | undefined } = { timer: undefined };
  override record(id: number): void {
    this.a.push(id);
    if (this.a.length >= ROOM) void this.flush();
    this.state.timer ??= setTimeout(() => void this.flush(), 3);
  }
  override async flush(): Promise<void> {
    clearTimeout(this.state.timer);
    this.state.timer = undefined;
    await super.flush();
  }
}

/** One whose flush freezes what has its buffer for as long as it sends that. */
class Freezes {
  state: { a: number[] } = { a: [] };
  sent: number[] = [];
  record(id: number): void {
    if (this.state.a.length >= ROOM) void this.flush();
    this.state.a.push(id);
  }
  async flush(): Promise<void> {
    const batch = [...Object.freeze(this.state).a];
    if (batch.length === 0) return;
    await sleep(2);
    this.sent.push(...batch);
    this.state = { a: [] };
  }
}

interface Client {
  sent: number[];
  record(id: number): unknown;
  flush(): Promise<void>;
}

const IDS = [1, 2, 3, 4, 5];

/** What arrives of these, recorded at once by a client that has been used before. */
async function arrivedFrom(client: Client): Promise<number[]> {
  void client.record(0);
  await client.flush();
  client.sent = [];
  for (const id of IDS) void client.record(id);
  void client.flush();
  await sleep(15);
  await client.flush();
  return client.sent;
}

const methods: Roles = { record: ["record"], flush: ["flush"] };
const swap: Roles = { ...methods, batch: "swap", buffers: { a: "append" } };

describe("a flush that a record has asked for", () => {
  test.each<[string, Class<Client>, Roles]>([
    ["to make room", MakesRoom, swap],
    ["to make room, and that chains", Chained, swap],
    ["to make room for a sum", Sums, { ...swap, buffers: { a: "sum" } }],
    ["with its value in, that is noted beside the buffer as well", Awaited, swap],
    ["with its value in, and that sets a timer", Timed, swap],
  ])("%s, sends no other records, and each once", async (_, Class, roles) => {
    const { Client, restore } = guardedCopy(Class, roles);
    expect(sorted(await arrivedFrom(new Client()))).toEqual(IDS);
    restore();
    expect(sorted(await arrivedFrom(new Class()))).not.toEqual(IDS);
  });

  test.each<[string, Class<Client>, Roles]>([
    ["whose calls are held", MakesRoom, { ...methods, batch: "hold" }],
    ["whose calls are held, of a sum", Sums, { ...methods, batch: "hold" }],
    ["whose flush freezes what has the buffer", Freezes, { ...swap, owner: "state" }],
  ])("leaves everything as it is unguarded where the value comes in meanwhile of one %s", async (_, Class, roles) => {
    const { Client, restore } = guardedCopy(Class, roles);
    expect(await arrivedFrom(new Client())).toEqual(await arrivedFrom(new Class()));
    restore();
  });

  test("is left as it is unguarded where the record may tell how much is in the buffer", async () => {
    class Counting extends MakesRoom {
      override record(id: number): number {
        super.record(id);
        return this.a.length;
      }
    }
    const returned = async (client: Counting): Promise<unknown[]> => {
      const sizes = IDS.map((id) => client.record(id));
      await sleep(15);
      await client.flush();
      return [sizes, client.sent];
    };
    const { Client, restore } = guardedCopy(Counting, swap);
    expect(await returned(new Client())).toEqual(await returned(new Counting()));
    restore();
  });
});
