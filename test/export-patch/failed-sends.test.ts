import { rmSync } from "node:fs";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { runApp } from "../patch/run-app.js";
import { appWith, exportPatch, run } from "./app.js";

/** Drives a logger whose sink refuses what it gets twice, and tells what it gets at last. */
const app = (preserveDimensions: boolean, timestamp?: string) => `
process.env.AWS_EMF_ENVIRONMENT = "Local";
const { MetricsLogger, StorageResolution } = require("aws-embedded-metrics");
const { setTimeout: delay } = require("node:timers/promises");

let refusals = 2;
const accepted = [], rejected = [];
const sink = {
  async accept(context) {
    const { metrics, meta, properties, timestamp } = context;
    const document = {
      metrics: [...metrics].map(([name, { values, unit, storageResolution }]) => [name, [...values], unit, storageResolution]),
      dimensions: structuredClone(context.getDimensions()),
      properties: { ...properties },
      timestamp, first: meta.Timestamp === logger.first,
    };
    await delay(20);
    if (refusals-- > 0) throw new Error("refused");
    accepted.push(document);
  },
};
const environment = {
  getName: () => "app", getType: () => "app", getLogGroupName: () => "app",
  configureContext: (context) => context.setProperty("configured", true), getSink: () => sink,
};
const logger = new MetricsLogger(async () => environment);
logger.flushPreserveDimensions = ${preserveDimensions};
${timestamp ?? ""}
logger.first = logger.context.meta.Timestamp;

(async () => {
  logger.putDimensions({ Region: "a" }).setProperty("request", 1);
  logger.putMetric("size", 1, "Bytes").putMetric("time", 2, "Milliseconds", StorageResolution.High);
  for (const value of [3, 4]) {
    const flushing = logger.flush().catch((error) => rejected.push(error.message));
    await delay(5);
    logger.putDimensions({ Cell: "b" }).setProperty("request", value);
    logger.putMetric("size", value, "Bytes").putMetric("later", value);
    await flushing;
  }
  await logger.flush();
  logger.putMetric("after", 5);
  await logger.flush();
  console.log(JSON.stringify({ accepted, rejected }));
})();`;

const patched = appWith("aws-embedded-metrics");
const plain = appWith("aws-embedded-metrics");
beforeAll(() => {
  exportPatch(["aws-embedded-metrics"], patched);
  const [patch] = exportPatch(["aws-embedded-metrics"], patched).stdout.split("\n");
  expect(run("git", ["apply", patch as string], patched).status).toBe(0);
});
afterAll(() => {
  for (const folder of [patched, plain]) rmSync(folder, { recursive: true });
});

async function told(script: string, cwd: string, node?: readonly string[]) {
  const { stdout, stderr } = await runApp(["--eval", script], { cwd, ...(node && { node }) });
  expect(stderr).toBe("");
  return JSON.parse(stdout);
}

describe.each([
  ["dimensions that are preserved", app(true)],
  ["dimensions that are not preserved", app(false)],
  ["a timestamp of the app's own", app(true, "logger.setTimestamp(Date.now() - 1000);")],
])("aws-embedded-metrics, refused twice, with %s", (_, script) => {
  it("goes on as with the guard, and rejects as ever", async () => {
    const result = await told(script, patched, []);
    expect(result.rejected).toEqual(["refused", "refused"]);
    expect(result.accepted[0]).toMatchObject({
      metrics: [
        ["size", [1, 3, 4], "Bytes", 60],
        ["time", [2], "Milliseconds", 1],
        ["later", [3, 4], "None", 60],
      ],
      first: true,
    });
    const timeless = (value: object) =>
      JSON.parse(JSON.stringify(value, (key, one) => (key === "timestamp" ? 0 : one)));
    expect(timeless(result)).toEqual(timeless(await told(script, plain)));
  });
});

it("flagsmith-nodejs asks an API that is down no more often than before", async () => {
  const folder = appWith("flagsmith-nodejs");
  const [patch = ""] = exportPatch(["flagsmith-nodejs"], folder).stdout.split("\n");
  const script = `
    const { AnalyticsProcessor } = require("flagsmith-nodejs");
    let requests = 0;
    const fetch = async () => { requests++; return new Response(null, { status: 500 }); };
    const options = { environmentKey: "key", analyticsUrl: "http://localhost/", fetch, logger: { warn() {} } };
    const analytics = new AnalyticsProcessor(options);
    analytics.lastFlushed -= 11_000;
    (async () => {
      for (let call = 0; call < 5; call++) {
        analytics.trackFeature("feature");
        await new Promise(setImmediate);
      }
      console.log(JSON.stringify({ requests, kept: analytics.analyticsData }));
    })();`;
  expect(await told(script, folder, [])).toMatchObject({ requests: 1 });
  expect(run("git", ["apply", patch], folder).status).toBe(0);
  expect(await told(script, folder, [])).toEqual({ requests: 1, kept: { feature: 5 } });
  rmSync(folder, { recursive: true });
});
