import type { Target } from "../target.js";

/**
 * What @amplitude/analytics-node keeps its events in and sends them with; it binds its own methods as it loads.
 *
 * A flush takes nothing from the queue until it is answered, and another returns at once meanwhile, whatever was recorded
 * in between. Before 2.0.0 it takes everything at once, and another that finds the queue empty returns. Each event leaves
 * the queue on its own, so recording needs no lock.
 */
export const target: Target = {
  module: "@amplitude/analytics-core",
  versions: ">=0.8.0 <3",
  file: "lib/cjs/plugins/destination.js",
  export: "Destination",
  flush: ["flush"],
};
