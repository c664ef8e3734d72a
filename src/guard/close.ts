import { log } from "../log.js";
import { publishHazard } from "../telemetry/channels.js";
import { delayCallback } from "./callback-argument.js";
import type { Flight } from "./flight.js";
import type { Guard } from "./guard.js";
import type { GuardedClass, Method } from "./guarded-class.js";
import { returnsOf } from "./method-source.js";
import { ignore, isPromise } from "./promises.js";
import { follow } from "./settling.js";

/** A close: waits for what is in flight, flushes what was held, then ends the client. */
export class Close {
  readonly #returns: ReturnType<typeof returnsOf>;

  constructor(
    private readonly guarded: GuardedClass,
    private readonly original: Method,
  ) {
    this.#returns = returnsOf(original);
  }

  call(instance: object, args: readonly unknown[]): unknown {
    const flushes = this.guarded.roles.flushBeforeClose === true && !this.guarded.stopping;
    const guard = flushes ? this.guarded.guardOf(instance) : this.guarded.existingGuardOf(instance);
    if (guard !== undefined && guard.running > 0 && this.guarded.roles.synchronous) {
      // What the flush on the stack has made the client record is not in its buffer yet.
      guard.afterStack(() => this.call(instance, args));
      return undefined;
    }
    if (guard === undefined || guard.inside) return Reflect.apply(this.original, instance, args);
    if (guard.flights.size > 0) publishHazard(this.guarded.name, "close", "averted");
    if (flushes) return this.#shape(this.#afterFlushes(guard, instance, args));
    guard.catchUp();
    if (!guard.free && this.#returns === "promise") return this.#afterFlights(guard, instance, args);
    if (!guard.free && this.#returns === "nothing") {
      return this.#shape(this.#afterFlights(guard, instance, args));
    }
    return this.#alongside([...guard.flights], instance, args);
  }

  /** What the caller of a close that waits gets: nothing where the original gives nothing. */
  #shape(closed: Promise<unknown>): unknown {
    if (this.#returns !== "nothing") return closed;
    closed.catch((error: unknown) => {
      log.info(`${this.guarded.name}: a close that had waited for a flush threw: ${String(error)}`);
    });
    return undefined;
  }

  /** What is in flight has its batch, or the original's return value cannot wait: closes at once, settles after the flights. */
  #alongside(flights: readonly Flight[], instance: object, args: readonly unknown[]): unknown {
    const passed = flights.length === 0 ? args : delayCallback(args, flights);
    const result: unknown = Reflect.apply(this.original, instance, passed);
    if (!isPromise(result) || flights.length === 0) return result;
    return follow(result, ignore, flights, this.#returns === "promise");
  }

  async #afterFlights(guard: Guard, instance: object, args: readonly unknown[]): Promise<unknown> {
    const replayed = this.guarded.counters.replayed;
    await guard.lock();
    guard.unlock();
    const flush = this.guarded.roles.flush?.[0];
    const flushed =
      flush !== undefined && this.guarded.counters.replayed > replayed
        ? Promise.resolve((instance as Record<string, () => unknown>)[flush]?.())
        : Promise.resolve();
    const failed = await flushed.then(ignore, (cause: unknown) => ({ cause }));
    const flights = this.guarded.existingGuardOf(instance)?.flights ?? [];
    const closed: unknown = await this.#alongside([...flights], instance, args);
    if (failed !== undefined) throw failed.cause;
    return closed;
  }

  /** Flushes until a flush has nothing to send, so that the original has nothing to wait for and closes at once. */
  async #afterFlushes(guard: Guard, instance: object, args: readonly unknown[]): Promise<unknown> {
    const flush = this.guarded.roles.flush?.[0] as string;
    const until = performance.now() + this.guarded.limits.flushTimeoutMs;
    let failed: { cause: unknown } | undefined;
    let sends: number;
    do {
      sends = guard.sends;
      const flushed = new Promise((resolve) => resolve((instance as Record<string, () => unknown>)[flush]?.()));
      failed = await flushed.then(
        () => undefined,
        (cause: unknown) => ({ cause }),
      );
    } while (failed === undefined && guard.sends !== sends && performance.now() < until);
    const closed: unknown = await this.#alongside([...guard.flights], instance, args);
    if (failed !== undefined) throw failed.cause;
    return closed;
  }
}
