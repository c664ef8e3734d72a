import { test } from "vitest";
import { same } from "./both.js";

const program = (status: number): string => `
const { Unleash } = require("unleash-client");
const sink = await httpSink({ status: () => ${status} });
const unleash = new Unleash({ appName: "proof", url: sink.url + "/api/", disableAutoStart: true, metricsInterval: 60_000 });
unleash.on("warn", () => {});
unleash.on("error", () => {});
const seen = [];
unleash.count("toggle", true);
await unleash.metrics.sendMetrics();
seen.push(unleash.metrics.disabled);
unleash.count("toggle", true);
await unleash.metrics.sendMetrics();
seen.push(unleash.metrics.disabled, sink.requests.length);
console.log(JSON.stringify(seen));
`;

test.each([401, 403])(
  "unleash-client: told to stop by a %d it has stopped, and asks no second time",
  async (status) => {
    await same(program(status), [true, true, 1]);
  },
);
