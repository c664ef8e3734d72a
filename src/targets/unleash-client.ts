import type { Replace, Target } from "../target.js";

interface Sample {
  labels: Record<string, string>;
  count: number;
  sum: number;
  buckets: { le: number | "+Inf"; count: number }[];
}

interface Metric {
  name: string;
  type: string;
  samples: Sample[];
}

interface Registry {
  collect(): Metric[];
  restore(metrics: Metric[]): void;
}

interface Metrics {
  createMetricsData(...args: unknown[]): object;
  customHeadersFunction?: () => Promise<object>;
  /** Since 6.7.0; its gauges and histograms since 6.8.0. */
  metricRegistry?: Registry;
}

/** Headers that cannot be read: the client's own handling of a send that fails has begun by the time it reads them. */
function unreadable(cause: unknown): object {
  return new Proxy(
    {},
    {
      ownKeys() {
        throw cause;
      },
    },
  );
}

/**
 * The client asks for headers when its batch is detached and nothing would put it back. It does so right after this, and before
 * anybody else could see that another function is in the place of the app's.
 */
function failWithoutHeaders(metrics: Metrics): void {
  const { customHeadersFunction } = metrics;
  if (customHeadersFunction === undefined) return;
  metrics.customHeadersFunction = async (): Promise<object> => {
    metrics.customHeadersFunction = customHeadersFunction;
    try {
      return await metrics.customHeadersFunction();
    } catch (error) {
      return unreadable(error);
    }
  };
}

const keyOf = ({ labels }: Sample): string =>
  JSON.stringify(Object.entries(labels).sort(([a], [b]) => (a < b ? -1 : 1)));

/** The earlier samples with those added that were observed since under the same labels. */
function added(earlier: readonly Sample[], later: readonly Sample[]): Sample[] {
  const sums = new Map(earlier.map((sample) => [keyOf(sample), sample]));
  for (const sample of later) {
    const { labels, count, sum, buckets } = sums.get(keyOf(sample)) ?? { ...sample, count: 0, sum: 0, buckets: [] };
    const counts = new Map(buckets.map((bucket) => [bucket.le, bucket.count]));
    sums.set(keyOf(sample), {
      labels,
      count: count + sample.count,
      sum: sum + sample.sum,
      buckets: sample.buckets.map((bucket) => ({ le: bucket.le, count: bucket.count + (counts.get(bucket.le) ?? 0) })),
    });
  }
  return [...sums.values()];
}

/** The earlier samples but for those that were set again since under the same labels, and the later ones. */
function newest(earlier: readonly Sample[], later: readonly Sample[]): Sample[] {
  return [...new Map([...earlier, ...later].map((sample) => [keyOf(sample), sample])).values()];
}

/** How samples of a type join those recorded since. The client itself adds counters. */
const JOINED: Readonly<Record<string, typeof added>> = { gauge: newest, histogram: added };

/**
 * The client's `restore` puts the histograms and gauges of a failed send in the place of what was recorded meanwhile.
 * It is given both as one.
 */
function restoreBeneath(registry: Registry, restore: Registry["restore"], failed: Metric[]): void {
  const nameOf = ({ type, name }: Metric): string => `${type} ${name}`;
  const later = new Map(registry.collect().map((metric) => [nameOf(metric), metric]));
  const earlier = failed.map((metric) => {
    const join = JOINED[metric.type];
    const since = later.get(nameOf(metric));
    if (join === undefined || since === undefined) return metric;
    later.delete(nameOf(metric));
    return { ...metric, samples: join(metric.samples, since.samples) };
  });
  restore.call(registry, [...earlier, ...later.values()]);
}

function adapt(metrics: Metrics, replace: Replace): void {
  const { metricRegistry } = metrics;
  replace(
    metrics,
    "createMetricsData",
    (original: () => Metrics["createMetricsData"]) =>
      (...args: unknown[]): object => {
        const data = original().apply(metrics, args);
        failWithoutHeaders(metrics);
        return data;
      },
  );
  if (metricRegistry === undefined) return;
  replace(metricRegistry, "restore", (original: () => Registry["restore"]) => {
    const restore = (failed: Metric[]): void => restoreBeneath(metricRegistry, original(), failed);
    return restore;
  });
}

/**
 * Run: 3.18.0, 3.18.1, 3.21.0, 4.0.1, 5.6.1, 6.1.1, 6.8.1, 6.9.6, 6.11.1 and 6.12.1. Compared where they send: 5.0.0 and 6.6.0.
 *
 * `flushMetrics` and `destroyWithFlush` of the client, and its timer, all call `sendMetrics`, which detaches the bucket
 * before it first waits and puts it back when the send fails. So what is recorded meanwhile is safe, but a flush that runs
 * beside a send that fails finds nothing: it comes after it instead. The bucket holds sums, so that caps nothing.
 */
export const target: Target = {
  module: "unleash-client",
  versions: ">=3.18.0 <7",
  file: "lib/metrics.js",
  batch: "hold",
  flush: ["sendMetrics"],
  close: ["stop"],
  use: ["count", "countVariant"],
  adapt,
  callsOut: { flush: false },
};
