import type { Target } from "../target.js";

/** How often each feature was evaluated. */
type Counts = Record<string, number>;

interface AnalyticsProcessor {
  customFetch: unknown;
  lastFlushed: number;
}

/**
 * A failed flush does not count for the ten seconds that trackFeature() waits between its own, so after one every call
 * would flush again. Refusals count as failures here: an API that answers 500 must not be asked more often for it.
 */
function fresh(counts: Counts, processor: AnalyticsProcessor): Counts {
  if (Object.keys(counts).length > 0) processor.lastFlushed = Date.now();
  return {};
}

function merge(live: Counts, left: Counts): boolean {
  const features = Object.keys(left);
  for (const feature of features) live[feature] = (live[feature] ?? 0) + (left[feature] ?? 0);
  return features.length > 0;
}

function count(counts: Counts): number {
  return Object.values(counts).reduce((sum, times) => sum + times, 0);
}

/**
 * Read: 4.0.0, 5.1.1, 6.1.0, 6.2.0, 7.0.2, 7.0.3, 8.0.0, 8.1.0, 8.1.2, in both copies. Before 4.0.0 there is one file,
 * build/sdk/analytics.js, which calls node-fetch directly.
 */
export const target: Target = {
  module: "flagsmith-nodejs",
  versions: ">=4.0.0 <9",
  file: "build/{cjs,esm}/sdk/analytics.js",
  export: "AnalyticsProcessor",
  record: ["trackFeature"],
  flush: ["flush"],
  buffers: { analyticsData: { fresh, merge, count } },
  view: true,
  callsOut: { flush: ({ customFetch }: AnalyticsProcessor) => customFetch !== fetch },
  ends: { method: "customFetch", failed: "status" },
};
