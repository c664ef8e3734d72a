import { test } from "vitest";
import { same } from "./both.js";

const program = (customHeadersFunction: string, sends: string): string => `
const { Unleash } = require("unleash-client");
const sink = await httpSink();
const seen = [];
const customHeadersFunction = ${customHeadersFunction};
const url = sink.url + "/api/";
const unleash = new Unleash({ appName: "proof", url, disableAutoStart: true, metricsInterval: 60_000, customHeadersFunction });
unleash.on("warn", () => {});
unleash.on("error", () => {});
const { metrics } = unleash;
async function send() {
  unleash.count("toggle", true);
  await metrics.sendMetrics();
}
${sends}
console.log(JSON.stringify(seen));
`;

test("unleash-client: the function that gives headers is called on the metrics, and stays what it is", async () => {
  const asks = `async function () {
    seen.push(this.appName, metrics.customHeadersFunction === customHeadersFunction);
    return {};
  }`;
  const sends = `
await send();
seen.push(metrics.customHeadersFunction === customHeadersFunction);
await send();
await metrics.registerInstance();
seen.push(sink.requests.length);`;
  await same(program(asks, sends), ["proof", true, true, "proof", true, "proof", true, 3]);
});

test("unleash-client: another function that gives headers is the one that is called", async () => {
  const sends = `
await send();
metrics.customHeadersFunction = () => { seen.push("second"); return {}; };
await send();
metrics.customHeadersFunction = undefined;
await send();
seen.push(sink.requests.length);`;
  await same(program("async () => { seen.push('first'); return {}; }", sends), ["first", "second", 3]);
});
