import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { cases } from "./cases.js";
import { BEHAVIOURS } from "./clients/sink.js";
import { faults, play, RUNS, stories } from "./explore.js";

describe("guarantee 1: everything recorded is delivered exactly once, in every interleaving", () => {
  test.each(cases)("$name", async (model) => {
    const property = fc.asyncProperty(fc.scheduler(), stories(), async (scheduler, story) => {
      expect(faults(model.keeps, await play(scheduler, model, story))).toEqual([]);
    });
    await fc.assert(property, { numRuns: RUNS });
  });
});

describe("guarantee 1: a flush that outlives its timeout loses and repeats nothing where the flush has a view", () => {
  // A send that ends others when it fails has tests of its own.
  const swapped = cases.filter(
    ({ roles, keeps }) => roles.view === true && roles.ends === undefined && keeps !== "newest",
  );
  test.each(swapped)("$name", async (model) => {
    const behaviours = stories([...BEHAVIOURS, "hang", "hang-reject"]);
    const property = fc.asyncProperty(fc.scheduler(), behaviours, async (scheduler, story) => {
      const outcome = await play(scheduler, model, story, { flushTimeoutMs: 4 });
      // Whoever waited for it is told that it is over; a batch that fails late comes after newer ones.
      expect(faults("all", { ...outcome, broken: [], timeouts: 0 })).toEqual([]);
    });
    await fc.assert(property, { numRuns: Math.ceil(RUNS / 5) });
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
