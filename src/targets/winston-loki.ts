import type { Target } from "../target.js";

/**
 * Run: 6.1.7. Before 6.1.4 a batch is cleared with what was logged while it was sent.
 *
 * The transport sends on an interval what waits, and says 'finish' at once. Closing its batcher sends the rest.
 */
export const target: Target = {
  module: "winston-loki",
  versions: ">=6.1.7 <7",
  file: "index.js",
  send: ["log"],
  final: "batcher.close",
};
