import { execFile } from "node:child_process";
import { readFileSync } from "node:fs";
import { setImmediate as turn } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { AnalyticsProcessor } from "flagsmith-nodejs";
import { beforeAll, describe, expect, it } from "vitest";
import { validateTarget } from "../../dist/src/config/validate-target.js";
import { guard, type Roles, type Target } from "../../dist/src/index.js";
import { httpSink } from "../../dist/src/proofs/sinks/http.js";
import type { Report, Scan } from "../../dist/src/scan/scan.js";
import { MAIN } from "../cli/cli.js";

/** What someone who has read the code says of a finding. */
interface Label {
  package: string;
  method: string;
  hazard: string;
  place: string;
  verdict: boolean;
  why: string;
}

const MODULES = fileURLToPath(new URL("../../node_modules", import.meta.url));

const labels: Label[] = JSON.parse(readFileSync(new URL("labels.json", import.meta.url), "utf8"));

/** A name without the version and the line, so that a new release keeps its label. */
const idOf = (finding: Pick<Report, "package" | "method" | "hazard" | "place">): string =>
  `${finding.package}: ${finding.method} (${finding.hazard}, ${finding.place})`;

let scan: Scan & { durationMs: number };

beforeAll(async () => {
  const run = promisify(execFile)(process.execPath, [MAIN, "scan", MODULES, "--json"], { maxBuffer: 64 * 1024 * 1024 });
  // Something is found: exit code 1.
  const { code, stdout }: { code?: number; stdout: string } = await run.catch((error) => error);
  expect(code).toBe(1);
  scan = JSON.parse(stdout);
}, 600_000);

describe("all that is installed here", () => {
  it("is read, but for what is broken on purpose", () => {
    expect(scan.files).toBeGreaterThan(20_000);
    expect(scan.packages).toBeGreaterThan(500);
    expect(scan.parseErrors.length).toBeLessThan(scan.files / 1000);
    for (const { reason } of scan.skipped) expect(reason).toBe("larger than 2 MiB");
    expect(scan.skipped.length).toBeLessThan(scan.files / 1000);
  });

  it("has no finding without a label", () => {
    const known = new Set(labels.map((label) => idOf(label as never)));
    expect(scan.findings.map(idOf).filter((id) => !known.has(id))).toEqual([]);
  });

  it("is found with a precision of 0.85 at least", () => {
    const verdicts = new Map(labels.map((label) => [idOf(label as never), label.verdict]));
    const found = [...new Set(scan.findings.map(idOf))];
    const right = found.filter((id) => verdicts.get(id));
    expect(right.length / found.length).toBeGreaterThanOrEqual(0.85);
  });

  it.each([
    ["aws-embedded-metrics", "lost update", /^MetricsLogger\.flush$/],
    ["flagsmith-nodejs", "lost update", /^AnalyticsProcessor\.flush$/],
    ["flagsmith-nodejs", "early return", /^AnalyticsProcessor\.flush$/],
    ["statsd-client", "lost update", /^TCPSocket\._flushBuffer$/],
    ["unleash-client", "early return", /^Metrics\.sendMetrics$/],
    ["@segment/analytics-node", "early return", /^Analytics\.flush$/],
    ["@rudderstack/rudder-sdk-node", "early return", /^Analytics\.flush$/],
    ["@amplitude/analytics-core", "early return", /^Destination\.flush$/],
    ["@influxdata/influxdb-client", "early return", /flush$/],
    ["@launchdarkly/js-sdk-common", "early return", /^EventProcessor\.flush$/],
    ["launchdarkly-node-server-sdk", "early return", /flush$/],
    ["@amplitude/node", "early return", /^NodeClient\.flush$/],
    ["@google-cloud/pubsub", "early return", /^MessageQueue\.flush$/],
    ["@logtail/tools", "early return", /^flush$/],
    ["@snowplow/tracker-core", "early return", /^flush$/],
    ["jaeger-client", "early return", /^HTTPSender\.flush$/],
    ["langfuse-core", "early return", /flush$/],
    ["langsmith", "early return", /drainAutoBatchQueue$/],
    ["logzio-nodejs", "early return", /^LogzioLogger\.flush$/],
    ["winston-elasticsearch", "early return", /^BulkWriter\.flush$/],
    ["winston", "close", /^Http\.log$/],
    ["winston-cloudwatch", "close", /^WinstonCloudWatch\.log$/],
    ["winston-daily-rotate-file", "close", /^DailyRotateFile\.log$/],
    ["winston-loki", "close", /^LokiTransport\.log$/],
    ["winston-sumologic-transport", "close", /^SumoLogic\.log$/],
    ["@opentelemetry/sdk-logs", "early return", /^BatchLogRecordProcessorBase\._flushAll$/],
    ["@opentelemetry/sdk-trace", "early return", /^BatchSpanProcessorBase\._flushOneBatch$/],
    ["@opentelemetry/sdk-trace-base", "early return", /^BatchSpanProcessorBase\._flushOneBatch$/],
  ])("shows the %s of which the %s is known", (name, hazard, method) => {
    const found = scan.findings.filter((finding) => finding.package === name && finding.hazard === hazard);
    expect(found.map((finding) => finding.method)).toContainEqual(expect.stringMatching(method));
  });

  it("shows both builds of a dual package, minified ones too", () => {
    const builds = (name: string) =>
      scan.findings
        .filter((finding) => finding.package === name)
        .flatMap(({ file, alsoIn }) => [file, ...alsoIn.map((other) => other.file)]);
    expect(builds("@influxdata/influxdb-client")).toEqual(
      expect.arrayContaining(["dist/index.js", "dist/index.mjs", "dist/influxdb.js"]),
    );
    expect(builds("@opentelemetry/sdk-logs")).toEqual(
      expect.arrayContaining([
        "dist/export/BatchLogRecordProcessorBase.cjs",
        "dist/export/BatchLogRecordProcessorBase.mjs",
      ]),
    );
    expect(builds("flagsmith-nodejs")).toEqual(
      expect.arrayContaining(["build/cjs/sdk/analytics.js", "build/esm/sdk/analytics.js"]),
    );
  });

  it("gives each finding a target that is valid, or says why there is none", () => {
    for (const { target, note, ...finding } of scan.findings) {
      if (target === undefined) expect(note, idOf(finding)).toMatch(/\S/);
      else expect(validateTarget(target, "target").problems, idOf(finding)).toEqual([]);
    }
  });

  it("shows code in lines that fit a terminal, every mark among them", () => {
    for (const { frame, marks } of scan.findings) {
      expect(Math.max(...frame.map((line) => line.length))).toBeLessThanOrEqual(130);
      for (const { label, line } of marks) {
        expect(frame.some((text) => text.endsWith(`^ ${label}`))).toBe(true);
        expect(frame.some((text) => text.trimStart().startsWith(`${line} |`))).toBe(true);
      }
    }
  });
});

/** Counts what a client records while it flushes to a slow server, and what of it arrives. */
async function recordedAndDelivered(roles?: Roles) {
  const sink = await httpSink({ latencyMs: 50 });
  const client = new AnalyticsProcessor({ environmentKey: "key", analyticsUrl: sink.url });
  if (roles !== undefined) guard(client, roles);
  let recorded = 0;
  while (recorded < 10) client.trackFeature(`feature-${recorded++}`);
  const flushing = client.flush();
  while (sink.requests.length === 0) await turn();
  while (recorded < 20) client.trackFeature(`feature-${recorded++}`);
  await flushing;
  await client.flush();
  return { recorded, delivered: sink.delivered.flatMap(({ body }) => Object.keys(JSON.parse(body))).length };
}

it("what is proposed for a real client ends its loss", async () => {
  const { target } = scan.findings.find(
    (finding) => finding.package === "flagsmith-nodejs" && finding.hazard === "lost update",
  ) as Report;
  const { module: _module, versions: _versions, file: _file, export: name, ...roles } = target as Target;
  expect(name).toBe("AnalyticsProcessor");
  expect(await recordedAndDelivered()).toEqual({ recorded: 20, delivered: 10 });
  expect(await recordedAndDelivered(roles)).toEqual({ recorded: 20, delivered: 20 });
});

it("the labels say why", () => {
  expect(new Set(labels.map((label) => idOf(label as never))).size).toBe(labels.length);
  for (const { why } of labels) expect(why.length).toBeGreaterThan(20);
});
