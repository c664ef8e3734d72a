import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { emptyLike, merge } from "../../dist/src/guard/merge.js";

describe("merge back", () => {
  test("sum adds numbers at any depth, of objects and Maps", () => {
    expect(merge("sum", { a: 1, b: { c: 2 } }, { b: { c: 3 }, d: 4 })).toEqual({ a: 1, b: { c: 5 }, d: 4 });
    expect(merge("sum", new Map([["a", 1]]), new Map([["a", 2]]))).toEqual(new Map([["a", 3]]));
    expect(merge("sum", 2, 3)).toBe(5);
  });

  test("sum never loses or invents a count", () => {
    const counts = fc.dictionary(fc.constantFrom("a", "b", "c", "toString", "__proto__"), fc.nat(9));
    fc.assert(
      fc.property(counts, counts, (live, left) => {
        const merged = merge("sum", live, left) as Record<string, number>;
        for (const key of new Set([...Object.keys(live), ...Object.keys(left)])) {
          const own = (from: Record<string, number>) => (Object.hasOwn(from, key) ? (from[key] as number) : 0);
          expect(own(merged)).toBe(own(live) + own(left));
        }
      }),
    );
  });

  test("last keeps the newer value of each gauge", () => {
    expect(merge("last", { a: 1 }, { a: 2, b: 3 })).toEqual({ a: 1, b: 3 });
    expect(merge("last", new Map([["a", 1]]), new Map([["a", 2]]))).toEqual(new Map([["a", 1]]));
  });

  test("append puts the older items first", () => {
    expect(merge("append", [3], [1, 2])).toEqual([1, 2, 3]);
    expect(merge("append", "b", "a")).toBe("ab");
    expect([...(merge("append", new Set([2]), new Set([1])) as Set<number>)]).toEqual([1, 2]);
    expect(merge("append", { a: [2] }, { a: [1] })).toEqual({ a: [1, 2] });
  });

  test("nothing left changes nothing, and what is left goes into a buffer that is gone", () => {
    const live = [1];
    expect(merge("append", live, [])).toBe(live);
    expect(merge("append", null, [1])).toEqual([1]);
    expect(merge("sum", undefined, { a: 1 })).toEqual({ a: 1 });
  });

  test("what cannot be joined is an error, not a loss nobody hears of", () => {
    expect(() => merge("sum", "b", "a")).toThrow('a and b cannot be joined by "sum"');
    expect(() => merge("append", 1, 2)).toThrow('2 and 1 cannot be joined by "append"');
    expect(() => merge("append", [1], new Map([[1, 1]]))).toThrow('a Map and a Array cannot be joined by "append"');
  });

  test("a fresh buffer has the same shape and prototype", () => {
    expect(emptyLike([1])).toEqual([]);
    expect(Object.getPrototypeOf(emptyLike(Object.create(null)))).toBe(null);
    expect(() => emptyLike(new Date(0))).toThrow("a buffer that is a Date needs a rule of its own");
    expect(emptyLike(null)).toBe(null);
  });
});
