import type { Target } from "../target.js";

interface Metric {
  values: number[];
}

interface Context {
  metrics: Map<string, Metric>;
  /** Since 4.1.0. */
  metricNameAndResolutionMap?: Map<string, number>;
  properties: Record<string, unknown>;
  dimensions: object[];
  timestamp?: Date | number;
  meta: { Timestamp: number };
  defaultDimensions: object;
  putDimensions(dimensions: object): void;
  createCopyWithContext(preserveDimensions?: boolean): Context;
}

interface Logger {
  resolveEnvironment(): Promise<unknown>;
  /** Since 4.0.0. */
  flushPreserveDimensions?: boolean;
}

/** Contexts that began without the dimensions of the one before them, as `flushPreserveDimensions = false` asks. */
const withoutDimensions = new WeakSet<Context>();

/** What the client itself makes after a flush: no metrics; namespace, properties, set timestamp and dimensions stay. */
function fresh(context: Context, { flushPreserveDimensions }: Logger): Context {
  const copy = context.createCopyWithContext(flushPreserveDimensions);
  if (flushPreserveDimensions === false) withoutDimensions.add(copy);
  return copy;
}

/** As if what was recorded during the failed flush had been recorded into the context it left behind. */
function merge(live: Context, left: Context): boolean {
  // A flush that was accepted leaves an empty copy.
  if (left.metrics.size === 0) return false;

  const later = live.metrics;
  live.metrics = left.metrics;
  for (const [name, metric] of later) {
    const earlier = live.metrics.get(name);
    // A metric has the unit and resolution it was first put with.
    if (earlier) earlier.values = earlier.values.concat(metric.values);
    else live.metrics.set(name, metric);
  }
  for (const [name, resolution] of left.metricNameAndResolutionMap ?? []) {
    live.metricNameAndResolutionMap?.set(name, resolution);
  }

  live.properties = { ...left.properties, ...live.properties };
  if (live.timestamp === left.timestamp) live.meta.Timestamp = left.meta.Timestamp;
  // Otherwise the live dimensions began with those left and hold every change made since.
  if (withoutDimensions.has(live)) {
    const put = live.dimensions;
    live.dimensions = [...left.dimensions];
    for (const dimensions of put) live.putDimensions(dimensions);
  }
  return true;
}

function count({ metrics }: Context): number {
  return [...metrics.values()].reduce((sum, { values }) => sum + values.length, 0);
}

/** A flush gives the context its environment's dimensions and reads it at once; it may have waited long for the environment. */
function readMark({ defaultDimensions }: Context): unknown {
  return defaultDimensions;
}

/**
 * Read: 1.0.0 to 4.2.1, all twenty. Before 2.0.4 a flush does not wait for its sink, so it loses nothing and cannot tell
 * that it failed; before 2.0.6 no agent can be reached over TCP on a supported Node, only over UDP or standard output.
 * Before 4.0.0 dimensions are always preserved and there is no resetDimensions().
 */
export const target: Target = {
  module: "aws-embedded-metrics",
  versions: ">=2.0.4 <5",
  unaffected: "<2.0.4",
  file: "lib/logger/MetricsLogger.js",
  export: "MetricsLogger",
  record: [
    "putMetric",
    "setProperty",
    "putDimensions",
    "setDimensions",
    "resetDimensions",
    "setNamespace",
    "setTimestamp",
  ],
  flush: ["flush"],
  buffers: { context: { fresh, merge, count, readMark } },
  view: true,
  // Only an environment of the app's own has a sink of the app's own.
  callsOut: { flush: ({ resolveEnvironment }: Logger) => resolveEnvironment.name !== "resolveEnvironment" },
};
