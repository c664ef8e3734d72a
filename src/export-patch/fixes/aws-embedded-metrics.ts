import type { Rewrite, SourceFix } from "../source-fix.js";

/** Before 4.0.0 dimensions are always preserved, before 4.1.0 metrics have no resolution. */
const sinceDimensions = ">=4.0.0";
const sinceResolutions = ">=4.1.0";

const preservedDimensions = `
if (!preserveDimensions) {
    const dimensions = this.dimensions;
    this.dimensions = [...context.dimensions];
    dimensions.forEach((dimensionSet) => this.putDimensions(dimensionSet));
}`;
const resolutions = `
context.metricNameAndResolutionMap.forEach((resolution, key) => this.metricNameAndResolutionMap.set(key, resolution));`;

const indented = (text: string): string => text.replaceAll("\n", "\n    ");

function restore({ dimensions, resolution }: { dimensions: boolean; resolution: boolean }): string {
  return `\
/**
 * Takes back the metrics of a context that could not be flushed, as if they had been put before those of this one.
 * @param context The context that was not accepted, of which this one is the copy${
   dimensions
     ? `
 * @param preserveDimensions Whether this context began with the custom dimensions of the other`
     : ""
 }
 */
restore(context${dimensions ? ", preserveDimensions" : ""}) {
    const metrics = this.metrics;
    this.metrics = context.metrics;
    metrics.forEach((metric, key) => {
        const earlier = this.metrics.get(key);
        if (earlier) {
            earlier.values = earlier.values.concat(metric.values);
        }
        else {
            this.metrics.set(key, metric);
        }
    });${resolution ? indented(resolutions) : ""}
    if (this.timestamp === context.timestamp) {
        this.meta.Timestamp = context.meta.Timestamp;
    }${dimensions ? indented(preservedDimensions) : ""}
}`;
}

const swapped = (dimensions: boolean): Rewrite => ({
  in: "flush",
  versions: dimensions ? sinceDimensions : "<4.0.0",
  find: `
yield sink.accept(this.context);
this.context = this.context.createCopyWithContext(${dimensions ? "this.flushPreserveDimensions" : ""});`,
  put: `
// it is reset first: what is recorded while the sink accepts it belongs to the next flush
const context = this.context;${dimensions ? "\nconst preserveDimensions = this.flushPreserveDimensions;" : ""}
this.context = context.createCopyWithContext(${dimensions ? "preserveDimensions" : ""});
try {
    yield sink.accept(context);
}
catch (e) {
    this.context.restore(context${dimensions ? ", preserveDimensions" : ""});
    throw e;
}`,
});

const context = (versions: string, has: { dimensions: boolean; resolution: boolean }) => ({
  file: "lib/logger/MetricsContext.js",
  class: "MetricsContext",
  versions,
  edits: [{ after: "createCopyWithContext", add: restore(has) }],
});

export const fix: SourceFix = {
  module: "aws-embedded-metrics",
  classes: [
    {
      class: "MetricsLogger",
      edits: [
        { join: "flush", worker: "flushContext", fields: ["currentFlush", "nextFlush"] },
        swapped(true),
        swapped(false),
      ],
    },
    context("<4.0.0", { dimensions: false, resolution: false }),
    context(">=4.0.0 <4.1.0", { dimensions: true, resolution: false }),
    context(sinceResolutions, { dimensions: true, resolution: true }),
  ],
  title: "flush() loses metrics that are put while it sends, and flushes that overlap send metrics twice",
  problem: `\
\`MetricsLogger#flush\` hands \`this.context\` to the sink, waits for \`sink.accept()\`, and only then replaces it. The sink \
serializes the context when it gets it. A metric put during the wait goes into the old context, which is then thrown \
away: it is never sent, and nothing says so. A second \`flush()\` during the wait hands the same context over again, so \
its metrics are counted twice. The slower the agent is, the more is lost.`,
  remedy: `\
The context is replaced before the sink gets it, so what is put meanwhile belongs to the next flush. When the sink \
fails, the metrics of that context return to the one that took its place, and \`flush()\` rejects as before. Calls of \
\`flush()\` during a flush share one more flush after it, so that \`await flush()\` still means that all that was put \
before the call has been handed to the sink.`,
};
