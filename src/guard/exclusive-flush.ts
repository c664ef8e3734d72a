import { log } from "../log.js";
import { hazardsAreHeard, publishHazard } from "../telemetry/channels.js";
import { type FlushTrace, traced, traceFlush } from "../telemetry/flush-trace.js";
import { Batch, type BatchCount } from "./batch.js";
import { givenCallback, withCallback } from "./callback-argument.js";
import { Callbacks } from "./callbacks.js";
import { enter, shouldEnter } from "./context.js";
import { Flight } from "./flight.js";
import type { Guard } from "./guard.js";
import type { GuardedClass, Method } from "./guarded-class.js";
import { returnsOf } from "./method-source.js";
import { ownerOf } from "./owner.js";
import { isPromise, quiet } from "./promises.js";
import { runFlight } from "./run-flight.js";
import type { Settled } from "./settling.js";
import { unview } from "./view.js";

/** How a flush begins. */
interface Start {
  /** The lock has been waited for. */
  locked: boolean;
  /** Asked for from inside a flush. */
  reentrant: boolean;
}

/** A flush that reads a buffer it has not detached: one at a time for an owner. */
export class ExclusiveFlush {
  readonly #returns: ReturnType<typeof returnsOf>;
  /** Whether it returns promises. What its source does not tell, it is taken to do until its calls tell. */
  #promises: boolean;
  #told = false;

  constructor(
    private readonly guarded: GuardedClass,
    private readonly original: Method,
    private readonly method: string,
  ) {
    this.#returns = returnsOf(original);
    this.#promises = this.#returns === "promise" || this.#returns === "value";
  }

  /** The promise it returns is made by the flush itself, so nobody but its caller can handle it. */
  get #async(): boolean {
    return this.#returns === "promise";
  }

  call(instance: object, args: readonly unknown[]): unknown {
    const guard = this.guarded.guardOf(instance);
    if (guard.inside) return this.#fromInside(guard, instance, args);
    if (guard.free) {
      if (this.guarded.stopping) return Reflect.apply(this.original, instance, args);
      return this.#begin(guard, instance, args, { locked: false, reentrant: false });
    }
    // A record call that flushes of its own accord does not wait: what it recorded is in the live buffer.
    if (guard.recording > 0) return this.#answer(instance, guard.exclusive?.over());
    publishHazard(this.guarded.name, "double send", "averted");
    return this.#shape(instance, this.#queue(guard, instance, args, false));
  }

  /** A flush asked for by the sender, logger or callback of a flush must not be waited for: that one waits for them. */
  #fromInside(guard: Guard, instance: object, args: readonly unknown[]): unknown {
    publishHazard(this.guarded.name, "re-entrancy", "averted");
    if (!isBare(args) || guard.exclusive?.reentrant !== true) void quiet(this.#queue(guard, instance, args, true));
    return this.#answer(instance);
  }

  /** Runs after the flush in flight: calls without arguments share one follow-up, others each have their own. */
  #queue(guard: Guard, instance: object, args: readonly unknown[], reentrant: boolean): Promise<unknown> {
    const { stopping } = this.guarded;
    const run = async (): Promise<unknown> => {
      await guard.lock();
      guard.followUps.delete(this);
      if (stopping) {
        guard.unlock();
        return Reflect.apply(this.original, instance, args);
      }
      return this.#begin(guard, instance, args, { locked: true, reentrant });
    };
    if (!isBare(args)) return run();
    this.guarded.counters.joined++;
    const shared = guard.followUps.get(this) ?? quiet(run());
    guard.followUps.set(this, shared);
    return shared;
  }

  /** What a caller gets who must wait: a promise of its own, so that its rejection is its own to handle. */
  #shape(instance: object, queued: Promise<unknown>): unknown {
    return this.#answer(instance, this.#promises ? queued.then((value) => value) : quiet(queued));
  }

  /** What a call returns that does not run the original. */
  #answer(instance: object, promise: Promise<unknown> = Promise.resolve()): unknown {
    if (this.#promises) return promise;
    return this.#returns === "this" ? instance : undefined;
  }

  #begin(guard: Guard, instance: object, args: readonly unknown[], start: Start): unknown {
    const { counters, limits, name, roles } = this.guarded;
    const flight = new Flight(this.guarded.holds, start.reentrant);
    flight.locked = start.locked;
    const earlier = start.reentrant ? [] : [...guard.flights];
    const batch = this.#detach(instance);
    const trace = traceFlush(name, this.method);
    const settle: Settled = (error) => {
      guard.awaited.delete(callbacks);
      if (trace !== undefined && batch === undefined) trace.message.held = guard.heldCount;
      if (batch !== undefined) this.#mergeBack(batch, trace);
      guard.end(flight, error);
      trace?.settled(error);
    };
    const callbacks = new Callbacks(settle);
    if (roles.transport !== undefined) {
      batch?.watch(roles.transport, instance, callbacks, (error, where) => this.guarded.fail(error, where));
    }
    const passed = withCallback(givenCallback(args, roles.callbackAt), callbacks);
    const mayAwait = this.#promises || passed === args;
    flight.inContext = mayAwait && shouldEnter(() => this.guarded.callsOut(instance));

    guard.awaited.add(callbacks);
    guard.beginExclusive(flight);
    counters.flushes++;
    const call = (): unknown => Reflect.apply(this.original, batch?.view ?? instance, passed);
    const result = runFlight(guard, flight, {
      call: () => this.#learn(guard.runOnStack(() => enter(flight, () => traced(trace, call)))),
      settle,
      callbacks,
      earlier,
      callersAlone: this.#async,
      viewed: batch !== undefined,
      expired: () => {
        if (trace !== undefined) trace.message.timedOut = true;
        log.warn(`${name}: a flush has not settled after ${limits.flushTimeoutMs} ms; its lock is released`);
      },
    });
    return unview(result);
  }

  /** Whether it returns promises. */
  #learn(result: unknown): unknown {
    this.#promises = isPromise(result) || (this.#promises && this.#told);
    this.#told = true;
    return result;
  }

  /** The batch to flush, or undefined where the class holds its records instead. */
  #detach(instance: object): Batch | undefined {
    const { path, roles, rules } = this.guarded;
    if (rules.length === 0 || !this.guarded.enabled || !this.guarded.canSwap(instance)) return undefined;
    try {
      return new Batch(instance, ownerOf(instance, path), path, rules, roles.record ?? []);
    } catch (error) {
      this.guarded.fail(error, "its buffer cannot be detached");
      return undefined;
    }
  }

  #mergeBack(batch: Batch, trace: FlushTrace | undefined): void {
    try {
      const heard = trace !== undefined || hazardsAreHeard() ? batch.count() : undefined;
      const isLeft = batch.mergeBack();
      if (isLeft) this.guarded.counters.mergedBack++;
      if (heard !== undefined) this.#tell(heard, isLeft, trace);
    } catch (error) {
      this.guarded.fail(error, "what a flush left cannot be merged back");
    }
  }

  /** What was recorded meanwhile would have been thrown away with what was sent, or what could not be sent with it. */
  #tell({ live, left }: BatchCount, isLeft: boolean, trace: FlushTrace | undefined): void {
    const { name } = this.guarded;
    if (isLeft) publishHazard(name, "failed send", "averted", left ?? 1);
    else publishHazard(name, "lost update", "averted", live ?? 0);
    if (trace === undefined) return;
    if (live !== undefined) trace.message.held = live;
    if (left !== undefined) trace.message.mergedBack = left;
  }
}

function isBare(args: readonly unknown[]): boolean {
  return args.every((arg) => arg === undefined);
}
