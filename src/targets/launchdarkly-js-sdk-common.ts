import type { Target } from "../target.js";
import { flushUnwatched } from "./launchdarkly/flush-unwatched.js";

/**
 * Run through @launchdarkly/node-server-sdk: 1.0.2 (SDK 8.0.1), 2.0.0 (9.0.1), 2.16.0 (9.9.0) and 2.26.1 (9.13.7), in the CommonJS copy,
 * which is the one that SDK loads. The events are taken out of the queue before a flush first waits. `close` only stops the
 * timers and is over when it returns.
 */
export const target: Target = {
  module: "@launchdarkly/js-sdk-common",
  versions: ">=1.0.2 <3",
  file: "dist/{index.js,cjs/index.cjs,esm/index.mjs}",
  export: "internal.EventProcessor",
  record: ["sendEvent"],
  flush: ["flush"],
  close: ["close"],
  batch: "detached",
  callsOut: { flush: false },
  beforeClose: flushUnwatched,
};
