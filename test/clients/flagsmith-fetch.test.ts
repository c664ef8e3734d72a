import { expect, test } from "vitest";
import { both } from "./both.js";

/** Counts features of two processors during their flushes, where the app's fetch gives nothing to the first. */
const program = `
const { AnalyticsProcessor } = require("flagsmith-nodejs");
const sink = await httpSink({ latencyMs: 50 });
const nothing = async () => {};
const processors = [nothing, (...args) => fetch(...args)].map(
  (fetch) => new AnalyticsProcessor({ environmentKey: "proof", analyticsUrl: sink.url, fetch }),
);
const left = [];
for (const processor of processors) {
  processor.trackFeature("before");
  const flushing = processor.flush();
  processor.trackFeature("during");
  await flushing;
  left.push(Object.keys(processor.analyticsData));
}
await processors[1].flush();
const arrived = sink.requests.map(({ body }) => JSON.parse(body));
console.log(JSON.stringify({ left, arrived }));
`;

test("flagsmith-nodejs: a fetch that gives nothing is a success to the client, and no reason to leave others alone", async () => {
  const { unguarded, guarded } = await both(program);
  expect(unguarded).toEqual({ left: [[], []], arrived: [{ before: 1 }] });
  expect(guarded).toEqual({ left: [["during"], ["during"]], arrived: [{ before: 1 }, { during: 1 }] });
});
