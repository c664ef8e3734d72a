import { expect, test } from "vitest";
import { wrongRules } from "../../dist/src/guard/buffers/wrong-rules.js";

const RULES = ["sum", "last", "append"] as const;

/** By what is in the buffer: the rules that are right, and what happens under another. */
const CASES: [name: string, buffer: unknown, right: string[], now?: string][] = [
  ["a list", ["a"], ["append"], "it is appended"],
  ["a Set", new Set(["a"]), ["append"], "it is appended"],
  ["a number", 1, ["sum"]],
  ["a text", "a", ["append"]],
  ["a dictionary of numbers", { a: 1 }, ["sum", "last"]],
  ["a dictionary of lists", { a: ["b"] }, ["last", "append"]],
  ["a dictionary of objects", { a: {} }, ["last"]],
  ["a Map of numbers", new Map([["a", 1]]), ["sum", "last"]],
  ["a dictionary with nothing in it", {}, ["sum", "last", "append"]],
];

test.each(CASES)("the rules of %s", (_, buffer, right, now = "record calls wait while a flush runs") => {
  for (const rule of RULES) {
    const expected = right.map((one) => `"${one}"`).join(" or ");
    const line = `buffers.b: found "${rule}", expected ${expected} for what is in it; ${now}`;
    expect(wrongRules({ b: buffer }, [["b", rule]])).toEqual(right.includes(rule) ? [] : [line]);
  }
});

test("a method is no buffer", () => {
  expect(wrongRules({ b() {} }, [["b", "append"]])).toEqual([
    "buffers.b: found a method, expected a field; record calls wait while a flush runs",
  ]);
});

test("of nothing, and of what has a shape of its own, nothing is said", () => {
  class Own extends Map {
    add(): void {}
  }
  for (const buffer of [undefined, null, new Own(), true]) {
    expect(wrongRules({ b: buffer }, [["b", "sum"]])).toEqual([]);
  }
  expect(wrongRules({ b: [] }, [["b", { fresh: () => [], merge: () => false }]])).toEqual([]);
});
