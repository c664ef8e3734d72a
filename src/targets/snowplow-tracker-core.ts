import type { Target } from "../target.js";

/**
 * Run through @snowplow/node-tracker: 4.8.0.
 *
 * A flush goes on until the event store is empty, and another returns at once meanwhile. `input` stores an event, and where
 * that fills the store its promise is that of the flush which the client then begins.
 */
export const target: Target = {
  module: "@snowplow/tracker-core",
  versions: ">=4.8.0 <4.9.0",
  file: "dist/index.js",
  factory: "newEmitter",
  flush: ["flush"],
  send: ["input"],
  batch: "hold",
  callsOut: { flush: false },
};
