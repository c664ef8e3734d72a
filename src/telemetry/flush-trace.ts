import { tracingChannel } from "node:diagnostics_channel";
import type { FlushMessage } from "./messages.js";

const tracing = tracingChannel<unknown, FlushMessage>("flushguard:flush");
const { start, end, asyncStart, asyncEnd, error: failed } = tracing;

/** Tells of one flush, as a `TracingChannel` does of a promise or a callback. */
export class FlushTrace {
  readonly message: FlushMessage;
  #returned = false;
  #settled = false;

  constructor(target: string, method: string) {
    this.message = { target, method };
  }

  /** Calls the flush, in the context of those who have bound a store to the channel. */
  run<T>(call: () => T): T {
    return start.runStores(this.message, () => {
      try {
        return call();
      } finally {
        this.#returned = true;
        end.publish(this.message);
      }
    });
  }

  /** Must be called when the flush has settled, before `run` returns where it has by then. */
  settled(error?: { cause: unknown }): void {
    if (this.#settled) return;
    this.#settled = true;
    if (error !== undefined) this.message.error = error.cause;
    if (error !== undefined) failed.publish(this.message);
    if (!this.#returned) return;
    asyncStart.publish(this.message);
    asyncEnd.publish(this.message);
  }
}

/** @returns undefined where nobody listens */
export function traceFlush(target: string, method: string): FlushTrace | undefined {
  return isHeard() ? new FlushTrace(target, method) : undefined;
}

function isHeard(): boolean {
  return (
    start.hasSubscribers ||
    end.hasSubscribers ||
    asyncStart.hasSubscribers ||
    asyncEnd.hasSubscribers ||
    failed.hasSubscribers
  );
}
