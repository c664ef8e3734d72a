import type { Replace, Target } from "../target.js";
import { type Analytics, Flushes } from "./segment/flushes.js";

/**
 * Run: 1.3.0, 2.0.0, 2.3.0, 3.0.0, 3.1.0. Read: 1.0.0 and 1.2.0. Before 1.3.0 there is no `flush`, only a `closeAndFlush` that
 * nothing can overlap.
 *
 * A flush is over when no event is pending, which under steady traffic never comes, and another returns at once meanwhile
 * without having done anything, also as a `closeAndFlush`. It sends the batch that is filling only if that holds every pending
 * event, and counts among these the events of batches on their way. Here each flush sends that batch, and is over when the events
 * that were pending when it began are answered.
 *
 * The constructor binds every method to the instance, so the class must be guarded before there is one.
 */
export const target: Target = {
  module: "@segment/analytics-node",
  versions: ">=1.3.0 <4",
  unaffected: "<1.3.0",
  file: "dist/{cjs,esm}/app/analytics-node.js",
  export: "Analytics",
  batch: "detached",
  use: ["alias", "group", "identify", "page", "screen", "track"],
  flush: ["flush"],
  prepare(analytics: Analytics) {
    analytics._isFlushing = false;
  },
  adapt(analytics: Analytics, replace: Replace) {
    new Flushes(analytics).adapt(replace);
  },
  callsOut: { flush: false },
};
