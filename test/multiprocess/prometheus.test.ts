import { expect, it } from "vitest";
import { scrapedThroughKills } from "./lib/scraped-through-kills.mjs";

it("a real Prometheus sees through kills exactly what was recorded, with exemplars", async () => {
  const { recorded, increase, first, resets, failed, kills, exemplars } = await scrapedThroughKills({
    guarded: true,
    seconds: 3,
  });
  expect(kills).toBeGreaterThan(1);
  expect(recorded).toBeGreaterThan(1000);
  expect({ first, increase, resets, failed }).toEqual({ first: 0, increase: recorded, resets: 0, failed: 0 });
  expect(exemplars).toBeGreaterThan(0);
});

it("it does not without the files", async () => {
  const { recorded, increase, resets, kills } = await scrapedThroughKills({ guarded: false, seconds: 3 });
  expect(kills).toBeGreaterThan(1);
  expect(recorded).toBeGreaterThan(1000);
  // What dead workers take away and what a counter that goes backwards adds may come to the same.
  expect({ increase, resets }).not.toEqual({ increase: recorded, resets: 0 });
});
