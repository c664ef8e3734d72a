import { expect, it } from "vitest";
import { pushed, RECORDED, scraped } from "./lib/machines.mjs";

it("a Pushgateway has every machine that pushes under a grouping key of its own, and else the last one alone", async () => {
  expect(RECORDED).toBe(800);
  expect(await pushed({ guarded: true, grouped: true })).toBe(800);
  expect(await pushed({ guarded: true, grouped: false })).toBe(200);
  expect(await pushed({ guarded: false, grouped: true })).toBe(400);
});

it.each(["prometheus.yml", "otel-collector.yml"] as const)("Prometheus adds up the machines, with %s", async (file) => {
  expect(await scraped(file)).toBe(800);
});
