import type { Exemplar } from "../family.js";

/** What is used of a metric of prom-client or @prometheus-io/client. */
export interface Metric {
  name: string;
  help: string;
  aggregator?: string;
  labelNames: readonly string[];
  registers?: readonly Registry[];
  enableExemplars?: boolean;
  upperBounds?: readonly number[];
  collect?: () => unknown;
  get?: () => { values: readonly Value[] } | Promise<{ values: readonly Value[] }>;
  /** Of a histogram, from prom-client 15 on. */
  getForPromString?: unknown;
  /** Of a summary: whether giving its values forgets series that have not been observed for long. */
  pruneAgedBuckets?: boolean;
  /** Of prom-client: the series by a key made of their labels. */
  hashMap?: Record<string, Entry>;
  /** Of @prometheus-io/client. */
  store?: LabelMap;
}

/** Null where an app has given @prometheus-io/client that. */
export type EntryLabels = Record<string, unknown> | null;

/** One label set of a metric. */
export interface Entry {
  labels: EntryLabels;
  /** Of a counter or gauge; of a summary of @prometheus-io/client the object with its sum and count. */
  value?: unknown;
  sum?: number;
  count?: number;
  bucketValues?: Record<string | number, number>;
  exemplar?: ClientExemplar | null;
  bucketExemplars?: Record<string, ClientExemplar | null>;
}

/** One sample of a metric as it gives it. */
export interface Value {
  labels?: EntryLabels;
  value: number;
}

export interface ClientExemplar extends Pick<Exemplar, "value" | "timestamp"> {
  labelSet: Record<string, unknown>;
}

export interface LabelMap {
  keyFrom(labels?: EntryLabels): string;
  entry(labels: EntryLabels): Entry | undefined;
  values(): Iterable<Entry>;
}

export interface Registry {
  readonly contentType?: string;
  _defaultLabels?: Record<string, unknown>;
  getMetricsAsArray(): Metric[];
  getSingleMetric(name: string): Metric | undefined;
  getMetricsAsString?(metric: Metric): Promise<string>;
  /** Of prom-client 14. */
  getMetricAsPrometheusString?(metric: Metric): Promise<string>;
}
