import { isAsync } from "../../is-async.js";
import { log } from "../../log.js";
import { type Kind, Kinds } from "../../methods/kinds.js";
import type { Method } from "../../methods/method.js";
import { ignore, isPlainPromise, isPromise, isThenable, mapped, NativePromise, quiet } from "../../methods/promises.js";
import { reasonOf } from "../../reason-of.js";
import { publishHazard } from "../../telemetry/channels.js";
import { now } from "../../timers.js";
import { quietPending } from "../buffers/pending.js";
import { settledWithin } from "../owner/clock.js";
import type { Guard } from "../owner/guard.js";
import type { GuardedClass } from "../owner/guarded-class.js";
import { delayCallback, hasCallback } from "./callback-argument.js";

/** What a close waits at most for a flush that may not have its batch, in milliseconds: it may be what ends that flush. */
const CLOSE_MS = 5_000;

/** A close: waits for what is in flight where its caller can be kept waiting, and then ends the client. */
export class Close {
  readonly #isAsync: boolean;
  readonly #kinds = new Kinds();

  constructor(
    private readonly guarded: GuardedClass,
    private readonly original: Method,
  ) {
    this.#isAsync = isAsync(original);
  }

  call(instance: object, receiver: object, args: readonly unknown[]): unknown {
    const { roles, stopping, strategy, name } = this.guarded;
    const drains = roles.drains === true && !stopping;
    const sendsBefore = roles.beforeClose !== undefined && !stopping;
    const guard = drains || sendsBefore ? this.guarded.guardOf(instance) : this.guarded.existingGuardOf(instance);
    if (guard === undefined) return this.#run(receiver, args);
    if (guard.running > 0 && strategy === "on the stack" && this.guarded.callsOut(instance) === true) {
      // What the flush on the stack has made the client record is not in its buffer yet.
      const afterStack = new NativePromise<void>((resolve) => guard.afterStack(resolve));
      const closed = mapped(afterStack, () => this.call(instance, receiver, args));
      return this.#answer(instance, args, closed);
    }
    const close = (): unknown => {
      if (drains) return this.#answer(instance, args, this.#drained(guard, instance, args));
      const sent = sendsBefore ? this.#sendsBefore(instance, args) : undefined;
      if (sent === undefined) return this.#close(guard, instance, args);
      const closed = mapped(sent, () => this.#close(guard, instance, args));
      return this.#answer(instance, args, closed);
    };
    if (guard.flights.size === 0) return close();
    const askers = guard.askers(this.guarded.callsOut(instance) !== false);
    if (askers === undefined) return this.#inside(guard, receiver, args);
    publishHazard(name, "close", "averted");
    return guard.inside.waitedFor(askers, this.#isAsync, close);
  }

  /** One that a flush asks for, which cannot be kept waiting: it finds what is kept from that flush, or it would come too late. */
  #inside(guard: Guard, receiver: object, args: readonly unknown[]): unknown {
    const close = (): unknown => this.#run(receiver, args);
    const aside = guard.protection?.aside;
    if (aside !== undefined) return aside.joined(close);
    if (guard.keepsSomething) guard.release();
    return close();
  }

  #close(guard: Guard, instance: object, args: readonly unknown[]): unknown {
    guard.catchUp();
    if (guard.isTaken) guard.taken();
    // Nothing that is not sent yet could come into its way, and the flush in flight may be waiting for it.
    const isAlone = guard.isFree || guard.isOpen || (guard.hasTaken && !guard.keepsSomething);
    if (!isAlone) {
      if (this.#isAsync) return this.#afterFlights(guard, instance, args);
      if (this.#returnsNothing) return this.#answer(instance, args, this.#afterFlights(guard, instance, args));
      // What is kept from the flush would come after the client is closed, and so might a flush that nobody waits for.
      if (guard.keepsSomething || !hasCallback(args)) guard.release();
    }
    return this.#alongside(guard, instance, args);
  }

  /** Of a client whose flush gives no promise. */
  get #returnsNothing(): boolean {
    return this.guarded.roles.view === true && this.guarded.declaresEnd;
  }

  /** Has the target send what the close would leave behind. */
  #sendsBefore(instance: object, args: readonly unknown[]): Promise<void> | undefined {
    const sent = this.guarded.attempt(
      () => this.guarded.roles.beforeClose?.(instance as never, args),
      "nothing is sent before a close",
    );
    if (!isThenable(sent)) return undefined;
    return settledWithin(this.guarded.limits.flushTimeoutMs, NativePromise.resolve(sent));
  }

  #run(receiver: object, args: readonly unknown[]): unknown {
    const result: unknown = Reflect.apply(this.original, receiver, args);
    this.#kinds.note(result, receiver, hasCallback(args));
    if (isPromise(result)) this.guarded.closePromises.add(result);
    return result;
  }

  /** What the caller of a close that waits gets: what the original gives, as far as that is known. */
  #answer(instance: object, args: readonly unknown[], closed: Promise<unknown>): unknown {
    const kind = this.#kindOf(args);
    if (kind === "promise") return closed;
    closed.catch((error: unknown) => {
      log.info(`${this.guarded.name}: a close that had waited for a flush threw: ${reasonOf(error)}`);
    });
    if (kind === undefined) return closed;
    return kind === "this" ? instance : undefined;
  }

  /** What a call gives. Of a client of the app's own, earlier calls tell; before them, one that is not called back may be awaited. */
  #kindOf(args: readonly unknown[]): Kind | undefined {
    const { isOwn, strategy } = this.guarded;
    if (this.#isAsync) return "promise";
    if (isOwn) return this.#kinds.known(hasCallback(args)) ?? (hasCallback(args) ? "nothing" : undefined);
    return this.#returnsNothing || strategy === "on the stack" ? "nothing" : "promise";
  }

  /** Closes at once, and settles after the flights: they have their batch, or nothing is known of the close. */
  #alongside(guard: Guard, instance: object, args: readonly unknown[]): unknown {
    const { flights } = guard;
    const { begun } = flights;
    if (!flights.hasBefore(begun)) return this.#run(instance, args);
    // What a flight before it has called back for may be still to come of what it sends itself.
    let sent = begun;
    const result = this.#run(
      instance,
      delayCallback(args, () => flights.over(sent)),
    );
    sent = flights.begun;
    if (!isPlainPromise(result)) return result;
    const followed = guard.inside.followCall(result, { ended: ignore, rest: () => flights.over(begun) });
    return this.#isAsync ? followed : quiet(followed);
  }

  async #afterFlights(guard: Guard, instance: object, args: readonly unknown[]): Promise<unknown> {
    quietPending(this.guarded, guard, instance);
    let isFree = false;
    const free = guard.lock().then(() => {
      isFree = true;
      guard.unlock();
    });
    await settledWithin(Math.min(CLOSE_MS, this.guarded.limits.flushTimeoutMs), free);
    if (!isFree) guard.release();
    return this.#alongside(guard, instance, args);
  }

  /** Flushes until a flush has nothing to send, so that the original has nothing to wait for and closes at once. */
  async #drained(guard: Guard, instance: object, args: readonly unknown[]): Promise<unknown> {
    const flush = this.guarded.roles.flush?.[0] as string;
    const { flushTimeoutMs } = this.guarded.limits;
    const until = now() + flushTimeoutMs;
    let failed: { cause: unknown } | undefined;
    let isSettled: boolean;
    let sends: number;
    do {
      isSettled = false;
      sends = guard.sends;
      const flushing = new NativePromise((resolve) => resolve((instance as Record<string, () => unknown>)[flush]?.()));
      const settled = flushing
        .catch((cause: unknown) => {
          failed = { cause };
        })
        .then(() => {
          isSettled = true;
        });
      await settledWithin(flushTimeoutMs, settled);
    } while (isSettled && failed === undefined && guard.sends !== sends && now() < until);
    if (!isSettled)
      log.warn(`${this.guarded.name}: a flush has not settled after ${flushTimeoutMs} ms; its client is closed`);
    else if (failed === undefined && guard.sends !== sends)
      this.guarded.tell("drains: each flush before a close makes a send, expected one that makes none", "warn");
    await this.#sendsBefore(instance, args);
    const closed = await this.#alongside(guard, instance, args);
    // What the original would have sent and failed to.
    if (failed !== undefined) throw failed.cause;
    return closed;
  }
}
