/** Drains for at most so many milliseconds. Never rejects. */
export type DrainFor = (limitMs: number) => Promise<unknown>;

type Callable = (this: unknown, ...args: unknown[]) => unknown;

interface Context {
  getRemainingTimeInMillis?: () => number;
}

/** What the runtime marks streaming handlers with. */
const STREAMING = Symbol.for("aws.lambda.runtime.handler.streaming");
/** The ways out that the context has beside the callback, in the runtimes that have one. */
const WAYS_OUT = ["done", "succeed", "fail"] as const;
/** Milliseconds of an invocation's time that are left for its answer. */
const SPARE_MS = 150;

const wrapped = new WeakSet<object>();

/** A handler whose answers, whichever way out they take, go back when what was recorded has left. */
export function drainingHandler(handler: Callable, drain: DrainFor): Callable {
  if (wrapped.has(handler)) return handler;
  const isStreaming = Boolean((handler as { [STREAMING]?: unknown })[STREAMING]);
  const outer = {
    handler(this: unknown, ...args: unknown[]): unknown {
      const invocation = new Invocation(args[isStreaming ? 2 : 1], drain);
      const callback = isStreaming ? undefined : args[2];
      if (!isStreaming) invocation.watchContext();
      if (typeof callback === "function") args[2] = invocation.afterDrain(callback as Callable);
      let result: unknown;
      try {
        result = Reflect.apply(handler, this, args);
      } catch (error) {
        return invocation.drained().then(() => {
          throw error;
        });
      }
      if (isThenable(result)) return invocation.drainAfter(result);
      const drained = invocation.drained();
      // Where there is a callback the answer is still to come; elsewhere this is the answer.
      return typeof callback === "function" ? result : drained.then(() => result);
    },
  }.handler;
  // Its length and symbols tell the runtime which arguments it takes.
  Object.defineProperties(outer, Object.getOwnPropertyDescriptors(handler));
  Object.setPrototypeOf(outer, Object.getPrototypeOf(handler) as object | null);
  wrapped.add(outer);
  return outer;
}

/** One call of the handler, drained once. */
class Invocation {
  readonly #context: Context;
  #drained: Promise<unknown> | undefined;

  constructor(
    context: unknown,
    private readonly drain: DrainFor,
  ) {
    this.#context = typeof context === "object" && context !== null ? context : {};
  }

  drained(): Promise<unknown> {
    if (this.#drained === undefined) {
      const limit = (this.#context.getRemainingTimeInMillis?.() ?? Number.POSITIVE_INFINITY) - SPARE_MS;
      this.#drained = limit > 0 ? within(limit, this.drain(limit)) : Promise.resolve();
    }
    return this.#drained;
  }

  async drainAfter(result: PromiseLike<unknown>): Promise<unknown> {
    try {
      return await result;
    } finally {
      await this.drained();
    }
  }

  afterDrain(answer: Callable): Callable {
    return (...args) => {
      void this.drained().then(() => answer(...args));
    };
  }

  watchContext(): void {
    const context = this.#context as Record<string, unknown>;
    for (const name of WAYS_OUT) {
      const answer = context[name];
      if (typeof answer === "function") context[name] = this.afterDrain(answer as Callable);
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

function isThenable(value: unknown): value is PromiseLike<unknown> {
  return typeof (value as { then?: unknown } | null | undefined)?.then === "function";
}
