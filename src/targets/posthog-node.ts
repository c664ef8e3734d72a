import type { Target } from "../target.js";

/**
 * Run: 4.0.0, 4.4.1, 4.11.7 and 4.14.0. From 4.16.0 on a flush during another waits for its own events too.
 *
 * A flush leaves its batch in the queue until it is answered, and a flush meanwhile is that flush, without what was captured
 * since. `capture` puts its event into the queue a few turns later.
 */
export const target: Target = {
  module: "posthog-node",
  versions: ">=4.0.0 <4.16.0",
  fixedIn: "4.16.0",
  file: "lib/index.cjs.js",
  export: "PostHog",
  use: ["capture", "identify", "alias", "groupIdentify"],
  flush: ["flush"],
  close: ["shutdown"],
  batch: "hold",
  callsOut: { flush: false },
};
