import type { Target } from "../target.js";

interface WriteApi {
  /** @param withRetryBuffer whether what has failed before is tried once more */
  flush(withRetryBuffer: boolean): Promise<void>;
}

/**
 * Run: 1.0.0, 1.9.0, 1.20.0, 1.28.0 and 1.35.0, in both copies since 1.9.0. Compared where it sends: 1.5.0.
 *
 * The class is not exported. Its write buffer gives out its batch before `sendBatch` first waits, and `sendBatch` takes
 * what every flush, full buffer and timer send. What fails goes to the client's own retry buffer, which calls a
 * `sendBatch` that was taken before it could be wrapped: retries are awaited only where the client does so itself.
 */
export const target: Target = {
  module: "@influxdata/influxdb-client",
  versions: ">=1.0.0 <2",
  file: "dist/index.{js,mjs}",
  factory: "InfluxDB#getWriteApi",
  flush: ["flush"],
  send: ["sendBatch"],
  close: ["close"],
  use: ["writeRecord", "writeRecords", "writePoint", "writePoints"],
  batch: "detached",
  drains: true,
  // Its close throws away what waits to be tried again.
  beforeClose: (writes: WriteApi) => writes.flush(true),
  callsOut: { flush: false },
};
