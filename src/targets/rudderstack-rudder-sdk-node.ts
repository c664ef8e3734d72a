import type { Target } from "../target.js";

/**
 * Run: 2.0.7, 2.0.9, 2.1.1, 2.1.11, 3.0.0, 3.0.13. Read: 2.0.4 and 2.0.5, which cannot be loaded; 2.0.2, which posts an empty batch
 * where the later ones return early; 1.0.2 and 1.1.5, where a flush returns no promise and one that the client began itself
 * cannot be waited for.
 *
 * A flush takes its batch from the queue once the request before it has been answered. One that then finds the queue empty
 * resolves, while another that was called before it is still sending what was there.
 */
export const target: Target = {
  module: "@rudderstack/rudder-sdk-node",
  versions: ">=2.0.7 <4",
  file: "{cjs,esm}/index.js",
  record: ["enqueue"],
  flush: ["flush"],
  batch: "detached",
  callsOut: { flush: false },
};
