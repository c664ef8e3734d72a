import type { Replace, Target } from "../target.js";

interface Metric {
  getType?(): string;
  toJSON?(): unknown;
  reset?(): void;
}

interface Counter extends Metric {
  inc(by: number): void;
  dec(by: number): void;
}

interface Reported {
  metricImpl?: Metric;
}

interface Reporter {
  _resetMetricsOnInterval?: boolean;
}

type Report = (metrics: Reported[]) => unknown;

function isCounter(metric: Metric): metric is Counter {
  return metric.getType?.() === "Counter";
}

/** A metric as it was when its report began, however late it is read. Its reset takes off what was reported. */
function asReported(metric: Metric, value: unknown, undo: (() => void)[]): Metric {
  const replaced = new Map<unknown, unknown>([["toJSON", () => value]]);
  if (typeof value === "number" && isCounter(metric)) {
    replaced.set("reset", () => {
      metric.dec(value);
      undo.push(() => metric.inc(value));
    });
  }
  return new Proxy(metric, {
    get(target, key) {
      const found: unknown = replaced.get(key) ?? Reflect.get(target, key);
      return typeof found === "function" ? found.bind(target) : found;
    },
  });
}

function reporting(reporter: Reporter) {
  return (report: Report): Report =>
    (metrics) => {
      const undo: (() => void)[] = [];
      for (const [index, reported] of metrics.entries()) {
        const metric = reported?.metricImpl;
        if (!metric?.reset || !metric.toJSON) continue;
        // The client resets what it finds in this very list.
        metrics[index] = { ...reported, metricImpl: asReported(metric, metric.toJSON(), undo) };
      }
      const result = report.call(reporter, metrics);
      if (!(result instanceof Promise)) return result;
      return result.catch((error: unknown) => {
        for (const putBack of undo) putBack();
        throw error;
      });
    };
}

function prepare(reporter: Reporter, replace: Replace): void {
  if (reporter._resetMetricsOnInterval) replace(reporter, "_reportMetrics", reporting(reporter));
}

/**
 * Run: 1.49.0, 1.51.1 and 2.0.0. Until 1.48.0 nothing is reset.
 *
 * With `resetMetricsOnInterval` the metrics are reset as soon as the app's `_reportMetrics` has returned, whatever was
 * counted since it read them and whether it has read them yet, if it is asynchronous. One that throws leaves them as they
 * are, so one that rejects does so here. Histograms, meters and timers cannot be told what to take off: they are read when
 * the report begins, and reset as the client does.
 */
export const target: Target = {
  module: "measured-reporting",
  versions: ">=1.49.0 <3",
  file: "lib/reporters/Reporter.js",
  flush: ["_reportMetricsWithInterval"],
  synchronous: true,
  onFailure: "merge back",
  prepare,
};
