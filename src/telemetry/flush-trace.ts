import { tracingChannel } from "node:diagnostics_channel";
import type { FlushMessage } from "./messages.js";

const { start, end, asyncStart, asyncEnd, error: failed } = tracingChannel<unknown, FlushMessage>("flushguard:flush");

/** Tells of one flush, as a `TracingChannel` does of a promise. */
export class FlushTrace {
  readonly message: FlushMessage;
  #thrown = false;

  constructor(target: string, method: string) {
    this.message = { target, method };
  }

  /** Calls the flush, in the context of those who have bound a store to the channel. */
  run<T>(call: () => T): T {
    return start.runStores(this.message, () => {
      try {
        return call();
      } catch (cause) {
        this.#thrown = true;
        this.#fail(cause);
        throw cause;
      } finally {
        end.publish(this.message);
      }
    });
  }

  /** Must be called once when the flush has settled, and after it has returned. */
  settled(error?: { cause: unknown }): void {
    if (this.#thrown) return;
    if (error !== undefined) this.#fail(error.cause);
    asyncStart.publish(this.message);
    asyncEnd.publish(this.message);
  }

  #fail(cause: unknown): void {
    this.message.error = cause;
    failed.publish(this.message);
  }
}

/** Calls a flush, and tells of it where somebody listens. */
export function traced<T>(trace: FlushTrace | undefined, call: () => T): T {
  return trace === undefined ? call() : trace.run(call);
}

/** @returns undefined where nobody listens */
export function traceFlush(target: string, method: string): FlushTrace | undefined {
  const isHeard =
    start.hasSubscribers ||
    end.hasSubscribers ||
    asyncStart.hasSubscribers ||
    asyncEnd.hasSubscribers ||
    failed.hasSubscribers;
  return isHeard ? new FlushTrace(target, method) : undefined;
}
