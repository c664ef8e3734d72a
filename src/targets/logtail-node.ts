import type { Target } from "../target.js";

/**
 * Run: 0.2.2, 0.4.21 and 0.5.9.
 *
 * A flush takes its batch out of a variable that nothing else sees, and waits for that batch alone. What `log` promises is that
 * its line was delivered, or given up.
 */
export const target: Target = {
  module: "@logtail/node",
  versions: ">=0.2.2 <0.6.0",
  file: "dist/cjs/node.js",
  export: "Node",
  send: ["log"],
  // One that another overtakes may never settle, so nothing must wait for it.
  close: ["flush"],
  batch: "detached",
};
