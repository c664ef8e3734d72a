import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { cases } from "./cases.js";
import { faults, play, RUNS, stories } from "./explore.js";

describe("guarantee 1: everything recorded is delivered exactly once, in every interleaving", () => {
  test.each(cases)("$name", async (model) => {
    const property = fc.asyncProperty(fc.scheduler(), stories(), async (scheduler, story) => {
      expect(faults(model.keeps, await play(scheduler, model, story))).toEqual([]);
    });
    await fc.assert(property, { numRuns: RUNS });
  });
});

describe("the same property fails without the guard", () => {
  test.each([...new Map(cases.map((model) => [model.Client, model])).values()])("$Client.name", async (model) => {
    const property = fc.asyncProperty(fc.scheduler(), stories(["ok", "record", "flush"]), async (scheduler, story) => {
      expect(faults(model.keeps, await play(scheduler, model, story, "unguarded"))).toEqual([]);
    });
    const { failed } = await fc.check(property, { seed: 20, numRuns: 300, endOnFailure: true });
    expect(failed).toBe(true);
  });
});
