import type { SourceFix } from "../source-fix.js";

export const fix: SourceFix = {
  module: "datadog-metrics",
  classes: [
    {
      class: "BufferedMetricsLogger",
      edits: [
        {
          in: "constructor",
          find: "this.aggregator = $aggregator;",
          put: `
this.aggregator = $aggregator;
/** @private @type {Set<Promise<void>>} Those of which metrics are being sent. */
this.flushes = new Set();`,
        },
        {
          in: "flush",
          find: "const result = new Promise($send);",
          put: `
const sent = new Promise($send);
// Metrics of earlier flushes may still be on their way: whoever waits for
// this flush waits for them, too.
const result = Promise.allSettled([...this.flushes, sent]).then(() => sent);
this.flushes.add(sent);
sent.catch(() => null).then(() => this.flushes.delete(sent));`,
        },
        {
          in: "stop",
          find: "!options || options.flush",
          put: "!options || options.flush !== false",
          versions: ">=0.12.1",
        },
      ],
    },
  ],
  title: "flush() and stop() return while the metrics of an earlier flush are still being sent",
  problem: `\
\`BufferedMetricsLogger#flush\` takes the metrics out of the aggregator before it sends them. A call during a send \
therefore finds nothing and resolves at once, as does \`stop()\`, so that \`await flush(); process.exit()\` ends the \
process before anything has arrived. That the first flush may be an automatic one makes it a matter of luck. And \
\`stop({})\` does not flush, although \`flush\` is said to be true by default.`,
  remedy: `\
A flush settles when the earlier ones have, too; they are still sent in parallel, and their errors are still reported \
where they were. \`stop()\` flushes unless \`flush\` is \`false\`.`,
};
