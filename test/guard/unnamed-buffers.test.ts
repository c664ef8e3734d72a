import { setTimeout as sleep } from "node:timers/promises";
import { describe, expect, test } from "vitest";
import { BufferFields } from "../../dist/src/guard/buffers/buffer-fields.js";
import type { Roles } from "../../dist/src/target.js";
import { guardedCopy, sorted } from "./guarded.js";

/** What was recorded, wherever the client has it. */
interface Client {
  sent: number[];
  record(id: number): unknown;
  other?(id: number): unknown;
  flush(): Promise<void>;
  readonly left: number[];
}

class Both {
  a: number[] = [];
  b: number[] = [];
  sent: number[] = [];
  record(id: number): void {
    this.a.push(id);
  }
  other(id: number): void {
    this.b.push(id);
  }
  async flush(): Promise<void> {
    const batch = [...this.a, ...this.b];
    await sleep(2);
    this.sent.push(...batch);
    this.a = [];
    this.b = [];
  }
  get left(): number[] {
    return [...this.a, ...this.b];
  }
}

class OneAfterTheOther extends Both {
  override async flush(): Promise<void> {
    const first = this.a;
    this.a = [];
    await sleep(2);
    this.sent.push(...first);
    const second = [...this.b];
    await sleep(2);
    this.sent.push(...second);
    this.b.length = 0;
  }
}

class ByParity extends Both {
  override record(id: number): void {
    if (id % 2 === 0) this.a.push(id);
    else this.b.push(id);
  }
}

class Counted {
  a: number[] = [];
  count = 0;
  sent: number[] = [];
  record(id: number): void {
    this.a.push(id);
    this.count++;
  }
  async flush(): Promise<void> {
    if (this.count === 0) return;
    const batch = [...this.a];
    await sleep(2);
    this.sent.push(...batch);
    this.a = [];
    this.count = 0;
  }
  get left(): number[] {
    return this.a;
  }
}

class Indexed {
  a: number[] = [];
  index = new Map<number, string>();
  sent: number[] = [];
  record(id: number): void {
    this.a.push(id);
    this.index.set(id, `value ${id}`);
  }
  async flush(): Promise<void> {
    const batch = [...this.a];
    const index = new Map(this.index);
    await sleep(2);
    for (const id of batch) if (index.has(id)) this.sent.push(id);
    this.a = [];
    this.index.clear();
  }
  get left(): number[] {
    return this.a.filter((id) => this.index.has(id));
  }
}

const clients: Record<string, new () => Client> = { Both, OneAfterTheOther, ByParity, Counted, Indexed };
const names = { record: ["record", "other"], flush: ["flush"] };
const targets: Record<string, (Class: object) => Roles> = {
  "names one of them": () => ({ ...names, buffers: { a: "append" } }),
  "names none": () => names,
};

/** Flushes that overlap, with records between them. */
async function overlap(client: Client): Promise<void> {
  const first = client.flush();
  client.record(10);
  client.other?.(11);
  const second = client.flush();
  client.record(12);
  client.other?.(13);
  await sleep(3);
  client.record(14);
  client.other?.(15);
  await Promise.all([first, second]);
  await client.flush();
}

const programs: Record<string, (client: Client) => Promise<void>> = {
  "recorded before any flush": async (client) => {
    for (const id of [0, 1, 2, 3]) client.record(id);
    client.other?.(4);
    await overlap(client);
  },
  "recorded first while a flush runs": async (client) => {
    client.record(0);
    await overlap(client);
  },
  "after a flush of both": async (client) => {
    for (const id of [0, 1]) client.record(id);
    client.other?.(2);
    await client.flush();
    for (const id of [3, 4]) client.record(id);
    await overlap(client);
  },
};

const recordedBy = async (program: (client: Client) => Promise<void>, has: boolean): Promise<number[]> => {
  const ids: number[] = [];
  const note = (id: number): void => void ids.push(id);
  await program({ sent: [], left: [], record: note, ...(has ? { other: note } : {}), flush: async () => {} });
  return sorted(ids);
};

describe.each(Object.entries(targets))("a client with two buffers whose target %s", (_, roles) => {
  describe.each(Object.entries(clients))("%s", (_name, Class) => {
    test.each(Object.entries(programs))("%s: never worse than unguarded", async (_program, program) => {
      const all = await recordedBy(program, "other" in Class.prototype);
      const bare = new Class();
      await program(bare);
      const client = new (guardedCopy(Class, roles(Class)).Client)();
      await program(client);
      const arrived = new Set([...client.sent, ...client.left]);
      expect(bare.sent.filter((id) => !arrived.has(id))).toEqual([]);
      const twice = (ids: number[]): number[] => ids.filter((id, at) => ids.indexOf(id) !== at);
      expect(twice(client.sent).filter((id) => !twice(bare.sent).includes(id))).toEqual([]);
      // Where every buffer was seen before the flushes that overlap, each value once.
      if (program !== programs["recorded first while a flush runs"]) {
        expect(sorted([...client.sent, ...client.left])).toEqual(all);
      }
    });
  });
});

/** Has a total and a set beside its buffer, which its flushes leave. */
class Totalled {
  buffer: number[] = [];
  seen = new Set<number>();
  total = 0;
  sent: number[] = [];
  record(id: number): number {
    this.seen.add(id);
    this.total++;
    this.buffer.push(id);
    return id * 2;
  }
  async flush(): Promise<void> {
    const batch = [...this.buffer];
    await sleep(2);
    this.sent.push(...batch);
    this.buffer = [];
  }
}

test("a field that records add to and flushes leave keeps no record waiting", async () => {
  const { Client: Guarded, guarded } = guardedCopy(Totalled, {
    ...names,
    record: ["record"],
    buffers: { buffer: "append" },
  });
  const client = new Guarded();
  client.record(1);
  await client.flush();
  client.record(2);
  const flushed = client.flush();
  expect(client.record(3)).toBe(6);
  expect(client.total).toBe(3);
  await flushed;
  expect([...client.sent, ...client.buffer]).toEqual([1, 2, 3]);
  expect(guarded.counters.held).toBe(0);
  expect([...guarded.reasons]).toEqual([]);
});

test("a buffer that the target does not name is told once a flush has taken from it", async () => {
  const { Client: Guarded, guarded } = guardedCopy(Both, { ...names, buffers: { a: "append" } });
  const client = new Guarded();
  client.record(1);
  client.other(2);
  await client.flush();
  expect([...guarded.reasons]).toEqual([
    'buffers: a flush takes from "b" too; its record calls wait while a flush runs',
  ]);
});

describe("records that give a value, and add to a field that the target does not name", () => {
  const all = ({ sent, buffer }: Totalled): number[] => [...sent, ...buffer];

  async function play(client: Totalled): Promise<void> {
    for (const id of [2, 4, 6]) {
      const flushed = client.flush();
      expect([client.record(id), client.record(id + 1)]).toEqual([id * 2, id * 2 + 2]);
      await flushed;
    }
  }

  const roles: Roles = { ...names, record: ["record"], buffers: { buffer: "append" } };

  test("are kept from a flush once one has left that field alone", async () => {
    const lossy = new Totalled();
    const client = new (guardedCopy(Totalled, roles).Client)();
    for (const one of [lossy, client]) {
      one.record(1);
      await one.flush();
      await play(one);
    }
    expect(all(lossy)).toEqual([1]);
    expect(all(client)).toEqual([1, 2, 3, 4, 5, 6, 7]);
  });

  test("are as they are while none has", async () => {
    const client = new (guardedCopy(Totalled, roles).Client)();
    client.record(1);
    await play(client);
    expect(all(client)).toEqual([1]);
  });

  /** Sends two at a time, until its own count says that nothing is left. */
  class InChunks {
    buffer = new Map<string, number>();
    count = 0;
    sent: string[] = [];
    mostSends = 0;
    record(key: string): number {
      this.buffer.set(key, (this.buffer.get(key) ?? 0) + 1);
      this.count++;
      if (this.count === 5) void this.flush();
      return 0.5;
    }
    async flush(): Promise<void> {
      let sends = 0;
      while (this.count > 0) {
        this.mostSends = Math.max(this.mostSends, ++sends);
        if (sends > 100) return;
        const batch = [...this.buffer.keys()].slice(0, 2);
        for (const key of batch) this.buffer.delete(key);
        this.count -= batch.length;
        await Promise.resolve();
        this.sent.push(...batch);
      }
    }
  }

  test("never make a flush go on for ever that goes by that field", async () => {
    const { Client: Guarded } = guardedCopy(InChunks, { ...names, record: ["record"], buffers: { buffer: "sum" } });
    const client = new Guarded();
    const keys = ["a", "b", "c", "d", "e", "f"];
    for (const key of keys) client.record(key);
    await client.flush();
    expect(client.sent).toEqual(keys);
    expect(client.mostSends).toBeLessThanOrEqual(3);
  });
});

test("a field that one client's records are first seen to add to is one of the others' too, a flush in flight included", async () => {
  class Late extends Counted {
    override async flush(): Promise<void> {
      await sleep(2);
      await super.flush();
    }
  }
  const { Client: Guarded } = guardedCopy(Late, { ...names, record: ["record"], buffers: { a: "append" } });
  const one = new Guarded();
  const other = new Guarded();
  const flushed = one.flush();
  other.record(1);
  one.record(2);
  await flushed;
  await one.flush();
  expect([one.sent, one.left, one.count]).toEqual([[2], [], 0]);
});

test("a record is told by all fields that records add to, until one has used a field that is named", () => {
  const fields = new BufferFields(["buffer"]);
  fields.add(["count"]);
  expect([...fields.recordedInto]).toEqual(["buffer", "count"]);
  fields.used.add("buffer");
  expect([...fields.recordedInto]).toEqual(["buffer"]);
});
