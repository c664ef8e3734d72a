import type { Target } from "../target.js";

/**
 * Run: 4.1.0, 5.0.0 and 5.0.6. Read: 1.0.0, where a flush takes no callback.
 *
 * The module is the client. `flush` takes everything out of the collector before it first waits; what the server refuses
 * is gone, and the client tells its "error" event. The client's own periodic flush gives no callback, so nothing tells
 * when that is over.
 */
export const target: Target = {
  module: "librato-node",
  versions: ">=4.1.0 <6",
  file: "lib/librato.js",
  flush: ["flush"],
  close: ["stop"],
  batch: "detached",
  callsOut: { flush: false },
};
