import type { Method } from "../../methods/method.js";
import { isPlainPromise, isPromise, mapped, NativePromise, quiet } from "../../methods/promises.js";
import type { FlushTrace } from "../../telemetry/flush-trace.js";
import { unview } from "../buffers/view.js";
import { clock, type Limited, settledWithin } from "../owner/clock.js";
import { Flight } from "../owner/flights.js";
import type { Guard } from "../owner/guard.js";
import type { GuardedClass } from "../owner/guarded-class.js";
import type { Ending } from "../owner/inside.js";
import { hasCallback, withCallback } from "./callback-argument.js";
import { Callbacks } from "./callbacks.js";
import type { LeftOutCallback } from "./left-out-callback.js";

/** How a call has failed; undefined where it has not. */
export type Failure = { cause: unknown } | undefined;

/** A method whose calls are flights. */
export interface FlightMethod {
  readonly guarded: GuardedClass;
  readonly original: Method;
  /** Nobody but its caller can have the promise it gives, so a rejection is the caller's to handle. */
  readonly isAsync: boolean;
  readonly leftOut?: LeftOutCallback;
}

/** One call of such a method, from its beginning until it has settled. */
export abstract class FlightRun<M extends FlightMethod = FlightMethod> extends Flight implements Ending, Limited {
  leftMs = 0;
  private callbacks: Callbacks | undefined;
  /** The callback among its arguments is the guard's. */
  private givesCallback = false;
  private readonly holds = clock.holds;

  constructor(
    protected readonly method: M,
    protected readonly guard: Guard,
    protected readonly instance: object,
    /** Its caller also waits for those of the owner's flights before this one; 0: for none. */
    private readonly earlier = 0,
    protected readonly trace?: FlushTrace | undefined,
  ) {
    super();
  }

  /** Calls the original. */
  protected abstract call(args: readonly unknown[]): unknown;

  /** Ends the flight. */
  protected abstract settle(failure: Failure): void;

  /** The arguments, with the callback among them telling its end. */
  protected withCallbacks(args: readonly unknown[]): readonly unknown[] {
    const given = this.method.leftOut?.arguments(args) ?? args;
    this.givesCallback = given !== args;
    return hasCallback(given) ? withCallback(given, this.handsOut()) : given;
  }

  /** Its promise may give a view of the instance. */
  protected get isViewed(): boolean {
    return false;
  }

  /** Whether none of its kind has told its end by a callback yet. */
  protected get endIsDoubtful(): boolean {
    return false;
  }

  /** A callback has told its end. */
  protected calledBack(): void {}

  /** It has not settled in time. */
  protected expired(waitedMs: number): void {
    const { guarded } = this.method;
    if (this.givesCallback) {
      guarded.tell(`ends.callback: what is given at ${guarded.roles.ends?.callback} was not called in ${waitedMs} ms`);
    }
    if (this.trace !== undefined) this.trace.message.timedOut = true;
  }

  /** What the callbacks that it hands out tell. */
  protected handsOut(): Callbacks {
    this.callbacks ??= new Callbacks(() => {
      this.calledBack();
      this.ended();
    });
    this.guard.awaited.add(this.callbacks);
    return this.callbacks;
  }

  /**
   * Makes the call, and ends the flight when the call has settled.
   * @returns what its caller gets
   * @throws what the call throws
   */
  make(args: readonly unknown[]): unknown {
    let result: unknown;
    try {
      result = this.call(this.withCallbacks(args));
    } catch (cause) {
      this.ended({ cause });
      throw cause;
    }
    const promise = isPromise(result) ? result : undefined;
    this.promise = promise;
    if (promise === undefined) {
      if (this.callbacks?.awaited !== true) {
        this.ended();
        return result;
      }
      this.isDoubtful = this.endIsDoubtful;
      this.callbacks.settleFlight();
    }
    if (!this.isOver) clock.limit(this.method.guarded.limits.flushTimeoutMs, this);
    return promise === undefined ? result : this.#follow(promise);
  }

  ended(failure?: Failure): void {
    clock.stop(this);
    if (this.callbacks !== undefined) this.guard.awaited.delete(this.callbacks);
    this.settle(failure);
  }

  rest(): Promise<unknown> | undefined {
    return clock.holding(this.holds, () => this.#rest());
  }

  #rest(): Promise<unknown> | undefined {
    const others = this.earlier === 0 ? undefined : this.guard.flights.over(this.earlier);
    const { followedBy } = this;
    if (followedBy === undefined) return others;
    return NativePromise.all([others, settledWithin(this.method.guarded.limits.flushTimeoutMs, followedBy)]);
  }

  late(): void {
    const { counters, limits } = this.method.guarded;
    counters.timeouts++;
    this.expired(limits.flushTimeoutMs - this.leftMs);
    this.guard.giveUp(this);
  }

  /** The promise that the caller gets: the client's own wherever nothing has to be waited for or told apart. */
  #follow(promise: Promise<unknown>): Promise<unknown> {
    const { guarded, isAsync } = this.method;
    const callsOut = guarded.callsOut(this.instance) !== false;
    const replaces = callsOut || isAsync || this.isViewed || this.guard.flights.hasBefore(this.earlier);
    if (!replaces || !isPlainPromise(promise)) {
      promise.then(
        () => this.ended(),
        (cause: unknown) => this.ended({ cause }),
      );
      return promise;
    }
    const awaited = this.guard.inside.followFlight(promise, this);
    const followed = this.isViewed ? mapped(awaited, unview) : awaited;
    return isAsync && !guarded.closePromises.has(promise) ? followed : quiet(followed);
  }
}
