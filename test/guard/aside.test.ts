import { describe, expect, test } from "vitest";
import { Aside } from "../../dist/src/guard/buffers/aside.js";
import { SeenEmpty } from "../../dist/src/guard/buffers/seen-empty.js";
import type { Rules } from "../../dist/src/guard/buffers/shapes.js";
import type { Roles } from "../../dist/src/target.js";
import { guardedCopy } from "./guarded.js";

interface Owner {
  list: number[];
  sums: Record<string, number>;
  other?: string;
}

/** An owner, and what is recorded aside of it. */
function beside() {
  const at: { owner: Owner } = { owner: { list: [], sums: {} } };
  const rules: Rules = [
    ["list", "append"],
    ["sums", "sum"],
  ];
  const seenEmpty = new SeenEmpty(rules);
  seenEmpty.look(at.owner);
  at.owner.list.push(1);
  at.owner.sums.a = 1;
  const aside = Aside.beside(() => at.owner, at, rules, seenEmpty);
  if (aside === undefined) throw new Error("not made");
  const record = (id: number): void => {
    at.owner.list.push(id);
    at.owner.sums.a = (at.owner.sums.a ?? 0) + id;
  };
  return { at, aside, record, used: new Set(["list", "sums"]) };
}

describe("buffers aside", () => {
  test("are there for one who records, and for nobody else; in the end all is joined", () => {
    const { at, aside, record, used } = beside();
    expect(aside.hasRecords).toBe(false);
    aside.during(() => {
      expect(at.owner).toEqual({ list: [], sums: {} });
      record(2);
    });
    expect(at.owner).toEqual({ list: [1], sums: { a: 1 } });
    expect(aside.hasRecords).toBe(true);
    expect(aside.join(used)).toEqual([]);
    expect(at.owner).toEqual({ list: [1, 2], sums: { a: 3 } });
    aside.during(() => record(3));
    expect(aside.join(used)).toEqual([]);
    expect(at.owner).toEqual({ list: [1, 2, 3], sums: { a: 6 } });
  });

  test("are put there once, not where they cannot be, and not once all is over", () => {
    const { at, aside, record, used } = beside();
    expect([aside.swapIn(), aside.swapIn()]).toEqual([true, false]);
    record(2);
    aside.swapOut();
    aside.swapOut();
    expect(at.owner.list).toEqual([1]);
    const { owner } = at;
    at.owner = Object.freeze({ ...owner });
    expect(aside.swapIn()).toBe(false);
    at.owner = owner;
    aside.join(used);
    expect(aside.swapIn()).toBe(false);
    expect(at.owner.list).toEqual([1, 2]);
  });

  test("are brought back by who records and throws", () => {
    const { at, aside } = beside();
    const failing = (): void =>
      aside.during(() => {
        throw new Error("thrown");
      });
    expect(failing).toThrow("thrown");
    expect(at.owner.list).toEqual([1]);
  });

  test("are taken over by an owner that a record has made of the one before", () => {
    const { at, aside, used } = beside();
    const { owner } = at;
    aside.during(() => {
      at.owner = { list: [...at.owner.list, 2], sums: { ...at.owner.sums, a: 2 } };
    });
    expect([owner.list, at.owner.list]).toEqual([[1], [1]]);
    aside.join(used);
    expect(at.owner).toEqual({ list: [1, 2], sums: { a: 3 } });
  });

  test("are found with what is left by one who ends the client, and kept from the flush where that leaves them", () => {
    const { at, aside, record, used } = beside();
    aside.during(() => record(2));
    aside.joined(() => expect(at.owner).toEqual({ list: [1, 2], sums: { a: 3 } }));
    expect(at.owner).toEqual({ list: [1], sums: { a: 1 } });
    const taken = aside.joined(() => at.owner.list.splice(0));
    expect(taken).toEqual([1, 2]);
    expect(at.owner.list).toEqual([]);
    aside.join(used);
    expect(at.owner).toEqual({ list: [], sums: { a: 3 } });
  });
});

test("a buffer with nothing aside is left as it is by one who ends the client", () => {
  const { at, aside, record } = beside();
  const { list } = at.owner;
  aside.joined(() => expect(at.owner.list).toBe(list));
  aside.during(() => record(2));
  aside.joined(() => expect(at.owner.list).not.toBe(list));
});

describe("what a flush has done to the buffers", () => {
  const seen = ({ isTaken, hasTaken, isUntouched, hasGrown }: Aside) => ({ isTaken, hasTaken, isUntouched, hasGrown });

  test("nothing yet, also as another records", () => {
    const { aside, record } = beside();
    const untouched = { isTaken: false, hasTaken: false, isUntouched: true, hasGrown: false };
    expect(seen(aside)).toEqual(untouched);
    aside.during(() => {
      record(2);
      expect(seen(aside)).toEqual(untouched);
    });
    expect(seen(aside)).toEqual(untouched);
  });

  test("it has taken from one, and from all", () => {
    const { at, aside } = beside();
    at.owner.list = [];
    expect(seen(aside)).toEqual({ isTaken: false, hasTaken: true, isUntouched: false, hasGrown: false });
    at.owner.sums = {};
    expect(seen(aside)).toMatchObject({ isTaken: true, hasTaken: true });
  });

  test("one has grown, until that is noted; what was taken may come back", () => {
    const { at, aside } = beside();
    at.owner.list.push(2);
    expect(seen(aside)).toMatchObject({ isUntouched: true, hasGrown: true });
    aside.look();
    expect(aside.hasGrown).toBe(false);
    at.owner.list.length = 0;
    aside.look();
    at.owner.list.push(1);
    expect(aside.hasGrown).toBe(false);
    at.owner.list.push(2);
    expect(aside.hasGrown).toBe(true);
  });
});

describe("figures whose names stay", () => {
  class Figures {
    figures = { count: 0, total: 0 };
    readonly sent: { count: number; total: number }[] = [];
    record(value: number): void {
      if (value < 0) throw new RangeError("below 0");
      this.figures.count++;
      this.figures.total += value;
    }
    async flush(): Promise<void> {
      if (this.figures.count === 0) return;
      const { count, total } = this.figures;
      await Promise.resolve();
      this.sent.push({ count, total });
      this.figures = { count: 0, total: 0 };
    }
  }

  /** What was sent of three records, one of them while the first are sent, beside one that throws. */
  async function use(Client: typeof Figures) {
    const client = new Client();
    await client.flush();
    client.record(1);
    client.record(2);
    const flushed = client.flush();
    client.record(4);
    expect(() => client.record(-1)).toThrow("below 0");
    await flushed;
    await client.flush();
    return client.sent;
  }

  test("are lost unguarded", async () => {
    expect(await use(Figures)).toEqual([{ count: 2, total: 3 }]);
  });

  test("are put aside with their names, each with 0: nothing is held", async () => {
    const roles: Roles = { record: ["record"], flush: ["flush"], buffers: { figures: "sum" } };
    const { Client, counters, restore } = guardedCopy(Figures, roles);
    expect(await use(Client)).toEqual([
      { count: 2, total: 3 },
      { count: 1, total: 4 },
    ]);
    expect(counters.held).toBe(0);
    restore();
  });
});
