import { fileURLToPath } from "node:url";
import { describe, expect, test } from "vitest";
import { httpSink } from "../../dist/src/proofs/sinks/http.js";
import { NODES } from "../nodes/nodes.js";
import { runApp, told } from "../patch/run-app.js";

const cwd = fileURLToPath(new URL("../fixtures/telemetry/", import.meta.url));

interface Point {
  attributes: { key: string; value: { stringValue: string } }[];
  asDouble?: number;
  count?: number;
  sum?: number;
  explicitBounds?: number[];
}

interface Metric {
  name: string;
  unit: string;
  sum?: { isMonotonic: boolean; dataPoints: Point[] };
  histogram?: { dataPoints: Point[] };
}

interface Export {
  resourceMetrics: { scopeMetrics: { scope: { name: string; version: string }; metrics: Metric[] }[] }[];
}

/** The metrics of the guard in a request to a collector, by name. */
function guardsMetrics(body: string): Map<string, Metric> {
  const scopes = (JSON.parse(body) as Export).resourceMetrics.flatMap(({ scopeMetrics }) => scopeMetrics);
  const own = scopes.filter(({ scope }) => scope.name === "flushguard");
  return new Map(own.flatMap(({ metrics }) => metrics.map((metric) => [metric.name, metric])));
}

/** Its values by their attributes. */
function valuesOf(metric: Metric | undefined): Record<string, number> {
  const points = metric?.sum?.dataPoints ?? metric?.histogram?.dataPoints ?? [];
  return Object.fromEntries(
    points.map(({ attributes, asDouble, count }) => [
      attributes.map(({ value }) => value.stringValue).join(": "),
      asDouble ?? Number(count),
    ]),
  );
}

// The SDK needs 22.15.
describe.each(NODES.filter(({ version }) => Number.parseInt(version, 10) >= 22))("on $name", ({ binary }) => {
  test("an OTLP collector gets the guard's numbers through a provider that the app sets late", async () => {
    const collector = await httpSink();
    try {
      const env = { FLUSHGUARD_METRICS: "otel" };
      const run = await told<{ flushes: number }>(["otlp.mjs", collector.url], { cwd, env, binary });
      // The SDK requires punycode, of which Node warns where a frame is outside node_modules, as the preload's is here.
      expect(run.stderr.replace(/^\(node:\d+\) \[DEP0040\].*\n.*trace-deprecation.*\n/m, "")).toBe("");
      const exports = collector.requests.map(({ body }) => guardsMetrics(body));
      const first = exports[0];
      const last = exports.at(-1);

      const averted = first?.get("flushguard.hazards.averted");
      expect(averted).toMatchObject({ unit: "{record}", sum: { isMonotonic: true } });
      expect(valuesOf(averted)).toEqual({
        "flagsmith-nodejs: lost update": 5,
        "@influxdata/influxdb-client: early return": 1,
      });
      expect(valuesOf(last?.get("flushguard.hazards.averted"))).toMatchObject({
        "flagsmith-nodejs: lost update": 10,
        "@influxdata/influxdb-client: early return": 2,
      });

      const duration = last?.get("flushguard.flush.duration");
      expect(duration).toMatchObject({ unit: "s" });
      // Those from before there was a provider too.
      expect(valuesOf(duration)).toMatchObject({
        "flagsmith-nodejs: flush": 4,
        "@influxdata/influxdb-client: flush": 4,
      });
      const seconds = duration?.histogram?.dataPoints.find(({ attributes }) =>
        attributes.some(({ value }) => value.stringValue === "flagsmith-nodejs"),
      );
      expect(seconds?.sum).toBeGreaterThan(0.19);
      expect(seconds?.explicitBounds?.[0]).toBe(0.005);

      expect(valuesOf(last?.get("flushguard.records.held"))).toMatchObject({ "flagsmith-nodejs": 0 });
      expect(valuesOf(last?.get("flushguard.flush.timeouts"))).toMatchObject({ "flagsmith-nodejs": 0 });
      expect(valuesOf(last?.get("flushguard.targets.patched"))).toMatchObject({ "flagsmith-nodejs": 1 });

      // The provider's own flushes are guarded and measured, and measuring one causes no other: four and the shutdown.
      expect(run.flushes).toBe(5);
      expect(valuesOf(duration)["@opentelemetry/sdk-metrics: forceFlush"]).toBeLessThanOrEqual(4);
      expect(exports).toHaveLength(4);
    } finally {
      await collector.close();
    }
  });

  test.each(["before", "after"])("a short job has all of them, its provider set %s its flushes", async (when) => {
    for (const end of ["itself", "exit", "SIGTERM"]) {
      const collector = await httpSink();
      try {
        const env = { FLUSHGUARD_METRICS: "otel" };
        const run = await runApp(["short-job.mjs", collector.url, when, end], { cwd, env, binary });
        expect(run.code, run.stderr).toBe(0);
        const exported = collector.requests.map(({ body }) => guardsMetrics(body).get("flushguard.flush.duration"));
        expect(exported.map(valuesOf), end).toEqual([
          { "flagsmith-nodejs: flush": 2, "@influxdata/influxdb-client: flush": 2 },
        ]);
      } finally {
        await collector.close();
      }
    }
  });

  test("a short job that is only observed has its hazards", async () => {
    const collector = await httpSink();
    try {
      const env = { FLUSHGUARD_METRICS: "otel", FLUSHGUARD: "observe", FLUSHGUARD_LOG: "silent" };
      const run = await runApp(["short-job.mjs", collector.url, "before", "exit"], { cwd, env, binary });
      expect(run.code, run.stderr).toBe(0);
      const exported = collector.requests.map(({ body }) => guardsMetrics(body).get("flushguard.hazards.seen"));
      expect(exported.map(valuesOf)).toEqual([
        { "flagsmith-nodejs: lost update": 5, "@influxdata/influxdb-client: early return": 1 },
      ]);
    } finally {
      await collector.close();
    }
  });

  test.runIf(binary.includes("node22"))("and none where nobody asked", async () => {
    const collector = await httpSink();
    try {
      await told(["otlp.mjs", collector.url], { cwd, binary });
      expect(collector.requests.length).toBe(0);
    } finally {
      await collector.close();
    }
  });
});
