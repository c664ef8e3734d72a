import type { Method } from "../../methods/method.js";
import { isThenable } from "../../methods/promises.js";
import { clearTimeout, setTimeout } from "../../timers.js";

/** Drains for at most so many milliseconds. Never rejects. */
export type DrainFor = (limitMs: number) => Promise<unknown>;

interface Context {
  getRemainingTimeInMillis?: () => number;
}

/** What the runtime marks streaming handlers with. */
const STREAMING = Symbol.for("aws.lambda.runtime.handler.streaming");
/** The ways out that the context has beside the callback, in the runtimes that have one. */
const WAYS_OUT = ["done", "succeed", "fail"] as const;
/** Milliseconds of an invocation's time that are left for its answer. */
const SPARE_MS = 150;

/** A handler whose answers, whichever way out they take, go back when what was recorded has left. */
export function drainingHandler(handler: Method, drain: DrainFor): Method {
  const isStreaming = Boolean((handler as { [STREAMING]?: unknown })[STREAMING]);
  const apply = (_: Method, self: unknown, args: unknown[]): unknown => {
    const callback = isStreaming || typeof args[2] !== "function" ? undefined : (args[2] as Method);
    const invocation = new Invocation(args[isStreaming ? 2 : 1], drain, callback);
    if (!isStreaming) invocation.watchContext();
    if (callback !== undefined) args[2] = invocation.afterDrain(callback);
    try {
      const result: unknown = Reflect.apply(handler, self, args);
      if (isThenable(result)) return invocation.drainAfter(result);
      const drained = invocation.drained();
      // Where there is a callback the answer is still to come; a stream that nobody waits for is refused by the runtime.
      return callback !== undefined || isStreaming ? result : drained.then(() => result);
    } catch (error) {
      return invocation.fails(error);
    }
  };
  // The runtime reads from its length and symbols which arguments it takes.
  return new Proxy(handler, { apply });
}

/** One call of the handler, drained at each of its ways out: what is recorded between two of them leaves with the second. */
class Invocation {
  readonly #context: Context;
  /** As the runtime gives it: a handler may replace it. */
  readonly #remainingMs: () => number;
  /** Its promise has settled: what is called with its value answers. */
  #isOver = false;

  /** @param callback the runtime's, where it has one */
  constructor(
    context: unknown,
    private readonly drain: DrainFor,
    private readonly callback: Method | undefined,
  ) {
    this.#context = typeof context === "object" && context !== null ? context : {};
    const { getRemainingTimeInMillis } = this.#context;
    this.#remainingMs = getRemainingTimeInMillis?.bind(this.#context) ?? (() => Number.POSITIVE_INFINITY);
  }

  drained(): Promise<unknown> {
    const remainingMs = this.#remainingMs();
    // An emulator that tells of no deadline.
    const limit = Number.isNaN(remainingMs) ? Number.POSITIVE_INFINITY : remainingMs - SPARE_MS;
    return limit > 0 ? within(limit, this.drain(limit)) : Promise.resolve();
  }

  async drainAfter(result: PromiseLike<unknown>): Promise<unknown> {
    try {
      return await result;
    } finally {
      await this.drained();
      this.#isOver = true;
    }
  }

  /** What the handler throws is told to the callback by a runtime that has one. */
  fails(error: unknown): unknown {
    const drained = this.drained();
    if (this.callback === undefined) return drained.then(() => Promise.reject(error));
    void drained.then(() => this.callback?.(error));
    return undefined;
  }

  /** What an answer throws that cannot be sent would have been thrown in the handler. */
  afterDrain(answer: Method): Method {
    return (...args) => {
      if (this.#isOver) answer(...args);
      else
        void this.drained()
          .then(() => answer(...args))
          .catch((error: unknown) => this.fails(error));
    };
  }

  watchContext(): void {
    const context = this.#context as Record<string, unknown>;
    for (const name of WAYS_OUT) {
      const answer = context[name];
      if (typeof answer === "function") context[name] = this.afterDrain(answer as Method);
    }
  }
}

/** The invocation's time runs whether the loop turns or not. */
async function within(ms: number, drained: Promise<unknown>): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const over = new Promise<void>((resolve) => {
    if (Number.isFinite(ms)) timer = setTimeout(resolve, ms);
  });
  await Promise.race([drained, over]);
  clearTimeout(timer);
}
