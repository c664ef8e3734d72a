import { expect, it } from "vitest";
import { pushed, RECORDED, scraped } from "./lib/machines.mjs";

it.each([
  ["that push under grouping keys of their own", { guarded: true, grouped: true }, 800],
  ["that push under one grouping key: only the last one is there", { guarded: true, grouped: false }, 200],
  ["without the files: only the last process of each is there", { guarded: false, grouped: true }, 400],
])("a Pushgateway adds up machines %s", async (_, options, delivered) => {
  expect(RECORDED).toBe(800);
  expect(await pushed(options)).toBe(delivered);
});

it.each(["prometheus.yml", "otel-collector.yml"] as const)("Prometheus adds up machines, with %s", async (file) => {
  expect(await scraped(file)).toBe(800);
});
