import type { SourceFix } from "../source-fix.js";

const METRIC_TYPES = "lib/impact-metrics/metric-types.js";
/** The registry of impact metrics, and its histograms. */
const sinceRegistry = ">=6.7.0";
const sinceHistograms = ">=6.8.0";

export const fix: SourceFix = {
  module: "unleash-client",
  classes: [
    {
      class: "Metrics",
      edits: [
        { join: "sendMetrics", worker: "sendBucket", fields: ["currentSend", "nextSend"] },
        {
          in: "sendMetrics",
          find: "const headers = $headers; try { $send } catch (err) { $failed }",
          put: `
try {
    const headers = $headers;$send}
catch (err) {$failed}`,
        },
      ],
    },
    {
      file: METRIC_TYPES,
      class: "GaugeImpl",
      versions: sinceRegistry,
      edits: [
        {
          after: "set",
          add: `
restore(sample) {
    // A value set since the sample was collected is newer.
    if (!this.values.has(getLabelKey(sample.labels))) {
        this.set(sample.value, sample.labels);
    }
}`,
        },
      ],
    },
    {
      file: METRIC_TYPES,
      class: "HistogramImpl",
      versions: sinceHistograms,
      edits: [
        {
          in: "restore",
          find: "this.values.set(key, data);",
          put: `
// What was observed since the sample was collected is added to it.
const observed = this.values.get(key);
if (observed) {
    data.count += observed.count;
    data.sum += observed.sum;
    for (const [bucket, count] of observed.buckets) {
        data.buckets.set(bucket, (data.buckets.get(bucket) ?? 0) + count);
    }
}
this.values.set(key, data);`,
        },
      ],
    },
    {
      file: METRIC_TYPES,
      class: "InMemoryMetricRegistry",
      versions: sinceRegistry,
      edits: [{ in: "restore", find: "gauge.set(sample.value, sample.labels)", put: "gauge.restore(sample)" }],
    },
  ],
  title:
    "flushMetrics() and destroyWithFlush() return while metrics are still being sent, and failed sends lose metrics",
  problem: `\
\`Metrics#sendMetrics\` takes the bucket out before it sends it. A call during a send therefore finds an empty bucket and \
returns at once, while the first one may still fail: \`await flushMetrics()\` says that everything has been sent when \
nothing has, and \`destroyWithFlush()\` destroys the client whose failed send then has nowhere to put the bucket back. \
A \`customHeadersFunction\` that rejects does so outside the \`try\`, so the bucket is lost and the timer is not started \
again. Since 6.8.0 the samples of a failed send replace what histograms observed and gauges were set to meanwhile.`,
  remedy: `\
Calls of \`sendMetrics()\` during a send share one more send after it and wait for it. The headers are asked for inside \
the \`try\`, so that a rejection is a failed send like any other. A histogram adds the samples that are restored to what \
it has observed since, and a gauge keeps a value that is newer.`,
};
