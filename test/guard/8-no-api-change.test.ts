import { EventEmitter } from "node:events";
import { setTimeout as sleep } from "node:timers/promises";
import { describe, expect, test, vi } from "vitest";
import type { Roles } from "../../dist/src/target.js";
import { copyOf, guardClass, guardedCopy, methodOf } from "./guarded.js";

class Client extends EventEmitter {
  buffer: number[] = [];
  sent: number[] = [];
  name = "client";
  /** What the flush sees or does between its parts. */
  probe: (self: Client) => unknown = () => undefined;

  get size() {
    return this.buffer.length;
  }

  set content(ids: number[]) {
    this.buffer = ids;
  }

  record(id: number, _weight = 1) {
    if (id < 0) throw new RangeError("negative");
    this.buffer.push(id);
    return this;
  }

  async flush(_options?: object): Promise<unknown> {
    const batch = [...this.buffer];
    const seen = this.probe(this);
    await sleep(2);
    this.sent.push(...batch);
    this.buffer = [];
    return seen ?? this;
  }
}

const roles: Roles = { record: ["record"], flush: ["flush"] };
const swap: Roles = { ...roles, buffers: { buffer: "append" } };
const strategies: [string, Roles][] = [
  ["hold", roles],
  ["swap", swap],
];

describe("guarantee 8: no API change", () => {
  test.each(strategies)("%s: names, lengths, own properties, prototype chain, instanceof", (_, declared) => {
    const { Client: Guarded } = guardedCopy(Client, declared);
    for (const name of ["record", "flush"] as const) {
      for (const own of ["name", "length"]) {
        const described = (of: object) => Object.getOwnPropertyDescriptor(of, own);
        expect(described(Guarded.prototype[name])).toEqual(described(Client.prototype[name]));
      }
    }
    const client = new Guarded();
    expect(Reflect.ownKeys(client)).toEqual(Reflect.ownKeys(new Client()));
    expect(client).toBeInstanceOf(Client);
    expect(Object.getPrototypeOf(client)).toBe(Guarded.prototype);
    expect(Object.keys(Guarded.prototype)).toEqual([]);
  });

  test.each(strategies)("%s: what an app has put on a method is read there, as new as it is", async (_, declared) => {
    const Copy = copyOf(Client);
    const counted = vi.spyOn(Copy.prototype, "record");
    Object.assign(Copy.prototype.flush, { timeoutMs: 5 });
    guardClass(Copy, declared);
    const { record, flush } = Copy.prototype;
    new Copy().record(1);
    expect(record).toHaveBeenCalledTimes(1);
    expect(vi.isMockFunction(record)).toBe(true);
    expect(flush).toHaveProperty("timeoutMs", 5);
    expect(Object.prototype.toString.call(flush)).toBe("[object AsyncFunction]");
    counted.mockClear();
    expect(record).not.toHaveBeenCalled();
  });

  test.each(strategies)("%s: return values and thrown errors are the original's", async (_, declared) => {
    const { Client: Guarded } = guardedCopy(Client, declared);
    const client = new Guarded();
    expect(client.record(1)).toBe(client);
    expect(() => client.record(-1)).toThrow(RangeError);
    const flushed = client.flush();
    expect(client.record(2)).toBe(client);
    expect(await flushed).toBe(client);
    client.probe = () => "seen";
    expect(await client.flush()).toBe("seen");
  });

  test.each(strategies)("%s: subclasses, bind, spies and calls on other objects", async (_, declared) => {
    const { Client: Guarded } = guardedCopy(Client, declared);
    class Sub extends Guarded {
      override record(id: number) {
        return super.record(id * 10);
      }
    }
    const client = new Sub();
    client.record(0);
    await client.flush();
    client.sent.length = 0;
    const spy = vi.spyOn(client, "record");
    const record = client.record.bind(client);
    const flushed = client.flush();
    record(1);
    await flushed;
    expect(spy).toHaveBeenCalledTimes(1);
    expect([...client.sent, ...client.buffer]).toEqual([10]);
    const other = { buffer: [] as number[] };
    Guarded.prototype.record.call(other as never, 5);
    expect(other.buffer).toEqual([5]);
    expect(() => Guarded.prototype.record.call(undefined as never, 5)).toThrow(TypeError);
  });

  test("a wrapper put on later by others runs guarded, and comes off", async () => {
    const Copy = copyOf(Client);
    const { restore } = guardClass(Copy, roles);
    const ours = methodOf(Copy, "flush") as Client["flush"];
    Copy.prototype.flush = function (...args) {
      return ours.apply(this, args);
    };
    const client = new Copy();
    client.record(1);
    const flushed = client.flush();
    client.record(2);
    await flushed;
    expect([...client.sent, ...client.buffer]).toEqual([1, 2]);
    Copy.prototype.flush = ours;
    restore();
    expect(methodOf(Copy, "flush")).toBe(methodOf(Client, "flush"));
  });
});

describe("the view that a flush of a swapped buffer runs on", () => {
  async function during<T>(
    probe: (view: Client, client: Client) => T,
  ): Promise<{ result: T; client: Client; view: Client }> {
    const { Client: Guarded } = guardedCopy(Client, { ...swap, view: true });
    const client = new Guarded();
    client.record(1).record(2);
    let view = client as Client;
    let result: T | undefined;
    client.probe = (self) => {
      view = self;
      client.record(3);
      result = probe(self, client);
      return undefined;
    };
    await client.flush();
    return { result: result as T, client, view };
  }

  test("reads and writes the batch, and everything else on the instance", async () => {
    const { result, client } = await during((view) => {
      view.name = "renamed";
      return { ids: [...view.buffer], size: view.size, is: view instanceof Client };
    });
    expect(result).toEqual({ ids: [1, 2], size: 2, is: true });
    expect(client.name).toBe("renamed");
    expect(client.sent).toEqual([1, 2]);
    expect(client.buffer).toEqual([3]);
  });

  test("has the same keys, and a setter that writes the batch", async () => {
    const { result, client } = await during((view, instance) => {
      view.content = [9];
      return {
        has: "buffer" in view,
        keys: Object.keys(view).join() === Object.keys(instance).join(),
        entries: new Map(Object.entries(view)).get("buffer"),
        buffer: instance.buffer,
      };
    });
    expect(result).toMatchObject({ has: true, keys: true, entries: [9] });
    expect(client.buffer).toEqual([3]);
  });

  test("can delete the batch", async () => {
    const { result, client } = await during((view) => {
      delete (view as Partial<Client>).buffer;
      return view.buffer;
    });
    expect(result).toBeUndefined();
    expect(client.buffer).toEqual([3]);
  });

  test("emits events as the instance, and records and flushes on it", async () => {
    const { client } = await during((view, instance) => {
      const heard = vi.fn();
      instance.once("flushing", heard);
      view.emit("flushing", 1);
      expect(heard).toHaveBeenCalledWith(1);
      view.record(4);
    });
    expect(client.buffer).toEqual([3, 4]);
  });

  test("is the instance itself once the flush is over, for whoever kept it", async () => {
    const { client, view } = await during(() => undefined);
    expect(view).not.toBe(client);
    view.record(4);
    expect(view.buffer).toBe(client.buffer);
    expect(client.buffer).toEqual([3, 4]);
    expect(await view.flush()).toBe(client);
    expect(client.sent).toEqual([1, 2, 3, 4]);
  });

  test("a promise of a plain function that gives this gives the instance", async () => {
    class Plain extends Client {
      override flush(): Promise<unknown> {
        return sleep(1).then(() => {
          this.buffer = [];
          return this;
        });
      }
    }
    const { Client: Guarded } = guardedCopy(Plain, swap);
    const client = new Guarded();
    client.record(1);
    expect(await client.flush()).toBe(client);
  });
});
