/** One metric of the merged view. */
export interface Family {
  name: string;
  help: string;
  type: "counter" | "gauge" | "histogram" | "summary" | "untyped";
  /** Those that are asked for more than once are made as often. */
  samples: Iterable<Sample>;
  /** Processes that live and have it, of a metric that is in files. */
  live?: number;
}

export interface Sample {
  /** The full name: `requests_total`, `latency_seconds_bucket`. */
  name: string;
  /** In the text format, escaped, without braces: `method="GET",code="200"`. Empty where there are none. */
  labels: string;
  value: number;
  exemplar?: Exemplar;
}

export interface Exemplar {
  /** As `labels` of a sample. */
  labels: string;
  value: number;
  /** Seconds since the epoch. */
  timestamp?: number;
}
