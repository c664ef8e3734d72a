import { test } from "vitest";
import { same } from "./both.js";

/** Batches of one datum each: sent for real, to a mock of the class, and for real again, or beginning with the mock. */
const program = (sends: string): string => `
const { initialize, Metric } = require("cloudwatch-metrics");
const sink = await httpSink({ latencyMs: 1 });
const credentials = { accessKeyId: "a", secretAccessKey: "b" };
initialize({ region: "us-east-1", endpoint: sink.url, credentials, maxAttempts: 1 });
const metric = new Metric("proof", "Count", [], { sendInterval: 60_000 });
const CloudWatchClient = Object.getPrototypeOf(metric.cloudwatch);
const seen = [];
async function send(times) {
  metric.put(1, "datum");
  metric._sendMetrics();
  for (let waited = 0; waited < 200 && sink.requests.length < times; waited++) await new Promise((r) => setTimeout(r, 5));
}
function mocked(object, call) {
  const own = Object.getOwnPropertyDescriptor(object, "send");
  object.send = function (command, told) {
    seen.push([command.constructor.name, this === metric.cloudwatch]);
    told(null, {});
  };
  call();
  if (own === undefined) delete object.send;
  else Object.defineProperty(object, "send", own);
}
${sends}
console.log(JSON.stringify([...seen, sink.requests.length]));
`;

const MOCKED = ["PutMetricDataCommand", true];

test("cloudwatch-metrics: a mock of the class is called, and no longer than it is there", async () => {
  await same(program("await send(1); mocked(CloudWatchClient, () => send(0)); await send(2);"), [MOCKED, 2]);
});

test.each(["CloudWatchClient", "metric.cloudwatch"])(
  "cloudwatch-metrics: a mock of %s from the beginning",
  async (what) => {
    const twice = `mocked(${what}, () => send(0)); mocked(${what}, () => send(0)); await send(1);`;
    await same(program(twice), [MOCKED, MOCKED, 1]);
  },
);
