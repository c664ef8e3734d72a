import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { emptyLike, isExact, isJoinable, join, sizeOf } from "../../dist/src/guard/buffers/shapes.js";

function withHole(): unknown[] {
  const list = [1];
  list.length = 2;
  return list;
}

function listOf(length: number): unknown[] {
  return Array.from({ length }, (_, index) => index);
}

describe("shapes that a buffer can be made beside", () => {
  const shared: [string, "sum" | "last" | "append", unknown, boolean][] = [
    ["an array", "append", [1], true],
    ["an array with a hole", "append", withHole(), false],
    ["an array with a property", "append", Object.assign([1], { dirty: true }), false],
    [
      "an array with a property, as long as any that is searched",
      "append",
      Object.assign(listOf(1024), { dirty: true }),
      false,
    ],
    ["an array that is longer than is searched", "append", listOf(1025), true],
    ["an array of a class that adds nothing", "append", new (class extends Array {})(), true],
    [
      "an array of a class of its own",
      "append",
      new (class extends class extends Array {} {
        last() {}
      })(),
      false,
    ],
    ["a Map of numbers", "sum", new Map([["a", 1]]), true],
    ["a Map of bigints", "sum", new Map([["a", 1n]]), false],
    ["a Map of objects", "sum", new Map([["a", {}]]), false],
    ["a Map of objects, the newest", "last", new Map([["a", {}]]), true],
    ["a Map of lists", "append", new Map([["a", [1]]]), true],
    ["a Map with a property", "sum", Object.assign(new Map(), { dirty: true }), false],
    ["a Map of a class that adds nothing", "sum", new (class extends Map {})(), true],
    [
      "a Map of a class of its own",
      "sum",
      new (class extends Map {
        override get(key: unknown) {
          return super.get(key) ?? 0;
        }
      })(),
      false,
    ],
    [
      "a Map of a class that adds a field",
      "sum",
      new (class extends Map {
        dirty = true;
      })(),
      false,
    ],
    ["a Set", "append", new Set([1]), true],
    ["a Set of a class that adds nothing", "append", new (class extends Set {})(), true],
    [
      "a Set of a class of its own",
      "append",
      new (class extends Set {
        get first() {
          return [...this][0];
        }
      })(),
      false,
    ],
    ["a dictionary", "sum", { a: 1 }, true],
    ["a dictionary without a prototype", "sum", Object.assign(Object.create(null), { a: 1 }), true],
    ["dictionaries in a dictionary", "sum", { counters: {}, gauges: {} }, false],
    ["an object with an accessor", "sum", Object.defineProperty({}, "a", { get: () => 1, enumerable: true }), false],
    ["a frozen dictionary", "sum", Object.freeze({ a: 1 }), false],
    ["an object of a class", "sum", new (class Bag {})(), false],
    ["a string", "append", "a", true],
    ["a string to add up", "sum", "a", false],
    ["a number", "sum", 1, true],
    ["a number to append to", "append", 1, false],
    ["nothing", "append", undefined, false],
  ];
  test.each(shared)("%s, %s", (_, rule, buffer, exact) => {
    expect(isExact(rule, buffer)).toBe(exact);
  });

  test("a fresh one is empty and of the same prototype", () => {
    const plain = [[1], new Map([[1, 1]]), new Set([1]), { a: 1 }, Object.create(null), "a", 1];
    const ofClasses = [new (class extends Array {})(), new (class extends Map {})(), new (class extends Set {})()];
    for (const buffer of [...plain, ...ofClasses]) {
      const fresh = emptyLike(buffer);
      expect(sizeOf(fresh)).toBe(0);
      expect(isJoinable(buffer, fresh)).toBe(true);
    }
    expect(emptyLike(null)).toBe(null);
  });
});

describe("join", () => {
  test("the older buffer takes the newer records, in place", () => {
    const list = [1, 2];
    expect(join("append", list, [3])).toBe(list);
    expect(list).toEqual([1, 2, 3]);
    const map = new Map([["a", 1]]);
    expect(join("sum", map, new Map(Object.entries({ a: 2, b: 3 })))).toBe(map);
    expect(map).toEqual(new Map(Object.entries({ a: 3, b: 3 })));
    const set = new Set([1]);
    expect(join("append", set, new Set([2]))).toBe(set);
    expect([...set]).toEqual([1, 2]);
    expect(join("append", "a", "b")).toBe("ab");
    expect(join("sum", 2, 3)).toBe(5);
    expect(join("append", { a: [1], t: "x" }, { a: [2], t: "y" })).toEqual({ a: [1, 2], t: "xy" });
  });

  test("last keeps the newer value of each gauge", () => {
    expect(join("last", [1, 2], [3])).toEqual([1, 2, 3]);
    expect(join("last", { a: 2, b: 3 }, { a: 1 })).toEqual({ a: 1, b: 3 });
    expect(join("last", new Map([["a", 2]]), new Map([["a", 1]]))).toEqual(new Map([["a", 1]]));
  });

  test("sum never loses or invents a count", () => {
    const counts = fc.dictionary(fc.constantFrom("a", "b", "c", "toString", "__proto__"), fc.nat(9));
    fc.assert(
      fc.property(counts, counts, (older, newer) => {
        const own = (from: object, key: string): number =>
          Object.hasOwn(from, key) ? (Object.getOwnPropertyDescriptor(from, key)?.value as number) : 0;
        const keys = new Set([...Object.keys(older), ...Object.keys(newer)]);
        const expected = new Map([...keys].map((key) => [key, own(older, key) + own(newer, key)]));
        const joined = join("sum", older, newer) as object;
        for (const [key, sum] of expected) expect(own(joined, key)).toBe(sum);
      }),
    );
  });
});
