import type { Target } from "../target.js";

/**
 * Run: 4.0.2, 4.1.0, 5.0.0 and 5.0.6. Read: 1.0.0, where a flush takes no callback.
 *
 * The module is the client. `flush` takes everything out of the collector before it first waits; what the server refuses
 * is gone, and the client tells its "error" event.
 */
export const target: Target = {
  module: "librato-node",
  versions: ">=4.0.2 <6",
  file: "lib/librato.js",
  use: ["increment", "measure", "timing"],
  flush: ["flush"],
  close: ["stop"],
  batch: "detached",
  ends: { callback: 0 },
  callsOut: { flush: false },
};
