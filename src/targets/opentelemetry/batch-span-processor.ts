import type { Target } from "../../target.js";

/**
 * A batch is taken out of the buffer before its export begins, so exports run in parallel. But `forceFlush` and
 * `shutdown` wait only for the batches that they begin themselves, not for the background's or each other's.
 */
export const batchSpanProcessor = {
  export: "BatchSpanProcessor",
  record: ["onEnd"],
  flush: ["forceFlush"],
  send: ["_flushOneBatch"],
  close: ["shutdown"],
  batch: "detached",
  callersPromise: true,
  callsOut: { flush: false },
} satisfies Partial<Target>;
