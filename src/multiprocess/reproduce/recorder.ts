/** The labels of a request that a writer has counted. */
export interface Labels {
  writer: string;
  method: string;
  route: string;
}

/** How a writer keeps its counter. */
export interface Recorder {
  /** Counts one request. */
  increment(labels: Labels): void;
  close(): void;
}

export const COUNTER = {
  name: "requests_total",
  help: "Requests that the writers have counted",
  type: "counter",
} as const;

/** As `Sample.labels`; the values need no escaping. */
export function labelText(labels: Labels): string {
  return Object.entries(labels)
    .map(([name, value]) => `${name}="${value}"`)
    .join();
}
