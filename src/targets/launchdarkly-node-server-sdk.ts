import type { Target } from "../target.js";
import { flushUnwatched } from "./launchdarkly/flush-unwatched.js";

/**
 * Run: 5.9.0, 6.0.0, 6.4.3 and 7.0.4. The queue is a variable that only the methods of the made object see. The events are taken
 * out of it before a flush first waits. `close` only stops the timers and is over when it returns.
 */
export const target: Target = {
  module: "launchdarkly-node-server-sdk",
  versions: ">=5.9.0 <8",
  file: "event_processor.js",
  factory: "default",
  record: ["sendEvent"],
  flush: ["flush"],
  close: ["close"],
  batch: "detached",
  callersPromise: true,
  callsOut: { flush: false },
  beforeClose: flushUnwatched,
};
