import { setTimeout as sleep } from "node:timers/promises";
import { describe, expect, test } from "vitest";
import type { Roles } from "../../dist/src/target.js";
import { copyOf, guardClass, guardedCopy } from "./guarded.js";

class Holder {
  buffer: number[] = [];
  sent: number[][] = [];
}

class Client {
  constructor(readonly holder: Holder) {}

  record(id: number) {
    this.holder.buffer.push(id);
  }

  async flush(): Promise<void> {
    const batch = [...this.holder.buffer];
    if (batch.length === 0) return;
    await sleep(5);
    this.holder.sent.push(batch);
    this.holder.buffer = [];
  }
}

const roles = { record: ["record"], flush: ["flush"] };

describe("lock owners", () => {
  test.each([
    ["hold", { batch: "hold", returns: "nothing" }],
    ["swap", { buffers: { buffer: "append" } }],
  ] as const)("%s: two classes that share one owner share its lock", async (_, strategy) => {
    const One = copyOf(Client);
    const Two = copyOf(Client);
    guardClass(One, { ...roles, ...strategy, owner: "holder" });
    guardClass(Two, { ...roles, ...strategy, owner: "holder" });
    const holder = new Holder();
    const one = new One(holder);
    const two = new Two(holder);
    one.record(1);
    const first = one.flush();
    two.record(2);
    const second = two.flush();
    one.record(3);
    await Promise.all([first, second]);
    await one.flush();
    expect(holder.sent.flat()).toEqual([1, 2, 3]);
    expect(holder.buffer).toEqual([]);
  });

  test("a field that the records of one class are first seen to add to is kept from a flush of the other in flight", async () => {
    class CountedHolder extends Holder {
      count = 0;
    }
    class Recorder {
      constructor(readonly holder: CountedHolder) {}
      record(id: number): void {
        this.holder.buffer.push(id);
        this.holder.count++;
      }
    }
    class Flusher extends Client {
      declare readonly holder: CountedHolder;
      override async flush(): Promise<void> {
        await sleep(2);
        if (this.holder.count === 0) return;
        await super.flush();
        this.holder.count = 0;
      }
    }
    const [One, Two] = [copyOf(Recorder), copyOf(Flusher)];
    const shared: Roles = { buffers: { buffer: "append" }, owner: "holder" };
    guardClass(One, { ...shared, record: ["record"] });
    guardClass(Two, { ...shared, flush: ["flush"] });
    const holder = new CountedHolder();
    const [one, two] = [new One(holder), new Two(holder)];
    const flushed = two.flush();
    one.record(1);
    await flushed;
    await two.flush();
    expect([holder.sent, holder.buffer, holder.count]).toEqual([[[1]], [], 0]);
  });

  test("a guarded subclass whose flush calls that of its guarded parent waits for it", async () => {
    class Parent extends Client {
      override record(id: number) {
        super.record(id);
      }
      override async flush(): Promise<void> {
        await super.flush();
      }
    }
    class Child extends Parent {
      before = 0;
      override record(id: number) {
        super.record(id);
      }
      override async flush(): Promise<void> {
        this.before++;
        await super.flush();
      }
    }
    guardClass(Parent, roles);
    guardClass(Child, roles);
    const holder = new Holder();
    const child = new Child(holder);
    child.record(1);
    const flushed = child.flush();
    child.record(2);
    await flushed;
    await Promise.all([child.flush(), child.flush(), child.flush()]);
    expect(holder.sent).toEqual([[1], [2]]);
  });

  test("a subclass that is not guarded itself is guarded by its parent's methods", async () => {
    const Parent = copyOf(Client);
    const { counters } = guardClass(Parent, roles);
    class Child extends Parent {
      override async flush(): Promise<void> {
        await super.flush();
      }
    }
    const holder = new Holder();
    const child = new Child(holder);
    child.record(1);
    const flushed = child.flush();
    child.record(2);
    await flushed;
    await child.flush();
    expect(holder.sent).toEqual([[1], [2]]);
    expect(counters).toMatchObject({ held: 1, replayed: 1 });
  });

  test.each(["hodler", "holder.buffr", "constructor.shared"])(
    "one that is not there, %s: it is said once, and the instance is locked",
    async (owner) => {
      const { Client: Guarded, guarded } = guardedCopy(Client, { ...roles, owner });
      for (const client of [new Guarded(new Holder()), new Guarded(new Holder())]) {
        client.record(1);
        const flushed = client.flush();
        client.record(2);
        await flushed;
        await client.flush();
        expect(client.holder.sent).toEqual([[1], [2]]);
      }
      expect([...guarded.reasons]).toEqual([
        `owner: "${owner}" leads nowhere, so the instance itself is what is locked`,
      ]);
    },
  );

  test("one that is there, without a word", async () => {
    const { Client: Guarded, guarded } = guardedCopy(Client, { ...roles, owner: "holder" });
    const client = new Guarded(new Holder());
    client.record(1);
    await client.flush();
    expect([...guarded.reasons]).toEqual([]);
  });
});
