import { isAsync } from "../is-async.js";
import type { Replace, Target } from "../target.js";
import { Report, type Reported } from "./measured-reporting/report.js";

interface Reporter {
  _resetMetricsOnInterval?: boolean;
}

type Send = (metrics: (Reported | undefined)[]) => unknown;

function adapt(reporter: Reporter, replace: Replace): void {
  if (!reporter._resetMetricsOnInterval) return;
  replace(reporter, "_reportMetrics", (original: () => Send) => {
    const _reportMetrics: Send = (metrics) => {
      const send = original();
      const report = new Report(metrics);
      let result: unknown;
      try {
        result = send.call(reporter, metrics);
      } catch (error) {
        report.end();
        throw error;
      }
      const pending = isPromise(result) ? result : undefined;
      report.returned(pending !== undefined);
      if (pending === undefined) return result;
      const followed = pending.then(
        (value) => {
          report.end();
          return value;
        },
        (error: unknown) => {
          report.putBack();
          // The app may have handled the promise of a plain function.
          if (isAsync(send)) throw error;
        },
      );
      return isAsync(send) ? followed : result;
    };
    return _reportMetrics;
  });
}

/** Also where an app has put another class in the place of the one whose promises async functions give. */
function isPromise(value: unknown): value is Promise<unknown> {
  return value instanceof Promise || Object.prototype.toString.call(value) === "[object Promise]";
}

/**
 * Run: 1.49.0, 1.51.1 and 2.0.0. Until 1.48.0 nothing is reset.
 *
 * With `resetMetricsOnInterval` the metrics are reset as soon as the app's `_reportMetrics` has returned, whatever was
 * counted since it read them and whether it has read them yet, if it is asynchronous. One that throws leaves them as they
 * are, so one that rejects does so here. The metrics that it gets are the app's own, so that one which is read late can tell its
 * value of before the reset only once. Histograms, meters and timers cannot be told what to take off: they are reset as the
 * client does.
 */
export const target: Target = {
  module: "measured-reporting",
  versions: ">=1.49.0 <3",
  file: "lib/reporters/Reporter.js",
  flush: ["_reportMetricsWithInterval"],
  batch: "on the stack",
  // The app's `_reportMetrics`.
  callsOut: { flush: true },
  adapt,
};
