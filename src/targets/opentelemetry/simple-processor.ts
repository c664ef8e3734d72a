import type { Target } from "../../target.js";

interface Processor {
  /** Exports that wait for attributes of their resource; since sdk-trace-base 2.9 all that are not over. */
  _unresolvedExports?: Set<unknown>;
  _pendingExports?: Set<unknown>;
  forceFlush(): Promise<void>;
}

/**
 * A record is exported at once, or when the attributes of its resource are there. `shutdown` does not wait for those: they
 * come to an exporter that is shut down.
 */
export const simpleProcessor = {
  flush: ["forceFlush"],
  close: ["shutdown"],
  batch: "detached",
  callsOut: { flush: false },
  beforeClose(processor: Processor) {
    const waiting = processor._pendingExports ?? processor._unresolvedExports;
    return waiting !== undefined && waiting.size > 0 ? processor.forceFlush() : undefined;
  },
} satisfies Partial<Target>;
