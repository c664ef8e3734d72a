/** One metric of the merged view. */
export interface Family {
  name: string;
  help: string;
  type: "counter" | "gauge" | "histogram" | "summary" | "untyped";
  /** Those that are asked for more than once are made as often. */
  samples: SampleList;
  /** Processes that live and have it, of a metric that is in files. */
  live?: number;
}

/** Each of them is an object of its own, unless they are asked for in place. */
export interface SampleList extends Iterable<Sample> {
  /** The same, with one object for all, which is good until the next one is asked for. */
  inPlace?(): Iterable<Sample>;
}

/** What text is written to. */
export interface TextSink {
  put(text: string): void;
  /** UTF-8, from a position to another. */
  putBytes(bytes: Uint8Array, from: number, to: number): void;
}

export interface Sample {
  /** The full name: `requests_total`, `latency_seconds_bucket`. */
  name: string;
  /** In the text format, escaped, without braces: `method="GET",code="200"`. Empty where there are none. */
  labels: string;
  value: number;
  exemplar?: Exemplar | undefined;
  /** Writes the labels in their braces, and nothing where there are none: without a string for each. */
  writeLabels?(into: TextSink): void;
}

export interface Exemplar {
  /** As `labels` of a sample. */
  labels: string;
  value: number;
  /** Seconds since the epoch. */
  timestamp?: number;
}
