import type { Target } from "../target.js";

/**
 * Run: 4.0.1. From 5.0.0 on a flush during another waits for its own events too.
 *
 * A flush leaves its batch in the queue until it is answered, and a flush meanwhile is that flush, without what was captured
 * since. `capture` puts its event into the queue a few turns later.
 */
export const target: Target = {
  module: "posthog-node",
  versions: ">=4.0.1 <4.1.0",
  fixedIn: "5.0.0",
  file: "lib/index.cjs.js",
  export: "PostHog",
  use: ["capture", "identify", "alias", "groupIdentify"],
  flush: ["flush"],
  close: ["shutdown"],
  batch: "hold",
  callsOut: { flush: false },
};
