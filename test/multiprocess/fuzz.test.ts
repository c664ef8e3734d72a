import { expect, test } from "vitest";
import { runFuzz } from "./lib/fuzz.mjs";

test("damaged files never fail a scrape, and the good one is counted", async () => {
  const { failed, uncounted, skipped, left } = await runFuzz(1500, 42);
  expect({ failed, uncounted, left }).toEqual({ failed: 0, uncounted: 0, left: 2 });
  expect(skipped).toBeGreaterThan(750);
});
