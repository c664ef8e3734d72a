import type { Target } from "../target.js";

const shared = { module: "winston-loki", versions: ">=6.1.7 <7" } as const;

/**
 * Run: 6.1.7. Before 6.1.4 a batch is cleared with what was logged while it was sent.
 *
 * The transport sends on an interval what waits, or each line by itself, and says 'finish' at once. Closing its batcher sends the
 * rest.
 */
export const targets: readonly Target[] = [
  { ...shared, file: "index.js", owner: "batcher", send: ["log"], final: "batcher.close" },
  { ...shared, file: "src/batcher.js", flush: ["sendBatchToLoki"], send: ["pushLogEntry"], batch: "detached" },
];
