import { log } from "../log.js";
import { Batch } from "./batch.js";
import { Callbacks, givenCallback, withCallback } from "./callbacks.js";
import { enter, shouldEnter } from "./context.js";
import { Flight } from "./flight.js";
import type { Guard } from "./guard.js";
import type { GuardedClass, Method } from "./guarded-class.js";
import { returnsOf } from "./method-source.js";
import { ownerOf } from "./owner.js";
import { isPromise, quiet } from "./promises.js";
import { follow } from "./settling.js";
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
  readonly #class: GuardedClass;
  readonly #original: Method;
  readonly #returns: ReturnType<typeof returnsOf>;
  /** Whether it returns promises. What its source does not tell, it is taken to do until its calls tell. */
  #promises: boolean;
  #told = false;

  constructor(guarded: GuardedClass, original: Method) {
    this.#class = guarded;
    this.#original = original;
    this.#returns = returnsOf(original);
    this.#promises = this.#returns === "promise" || this.#returns === "value";
  }

  /** The promise it returns is made by the flush itself, so nobody but its caller can handle it. */
  get #async(): boolean {
    return this.#returns === "promise";
  }

  call(instance: object, args: readonly unknown[]): unknown {
    const guard = this.#class.guardOf(instance);
    if (guard.inside) return this.#fromInside(guard, instance, args);
    if (guard.free) {
      if (this.#class.stopping) return Reflect.apply(this.#original, instance, args);
      return this.#begin(guard, instance, args, { locked: false, reentrant: false });
    }
    // A record call that flushes of its own accord does not wait: what it recorded is in the live buffer.
    if (guard.recording > 0) return this.#answer(instance, guard.exclusive?.over());
    return this.#shape(instance, this.#queue(guard, instance, args, false));
  }

  /** A flush asked for by the sender, logger or callback of a flush must not be waited for: that one waits for them. */
  #fromInside(guard: Guard, instance: object, args: readonly unknown[]): unknown {
    if (!isBare(args) || guard.exclusive?.reentrant !== true) void quiet(this.#queue(guard, instance, args, true));
    return this.#answer(instance);
  }

  /** Runs after the flush in flight: calls without arguments share one follow-up, others each have their own. */
  #queue(guard: Guard, instance: object, args: readonly unknown[], reentrant: boolean): Promise<unknown> {
    const { stopping } = this.#class;
    const run = async (): Promise<unknown> => {
      await guard.lock();
      guard.followUps.delete(this);
      if (stopping) {
        guard.unlock();
        return Reflect.apply(this.#original, instance, args);
      }
      return this.#begin(guard, instance, args, { locked: true, reentrant });
    };
    if (!isBare(args)) return run();
    this.#class.counters.joined++;
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
    const { counters, limits, name, roles } = this.#class;
    const flight = new Flight(this.#class.holds, start.reentrant);
    flight.locked = start.locked;
    const earlier = start.reentrant ? [] : [...guard.flights];
    const batch = this.#detach(instance);
    const settle = (error?: { cause: unknown }): void => {
      guard.awaited.delete(callbacks);
      if (batch !== undefined) this.#mergeBack(batch);
      guard.end(flight, error);
    };
    const callbacks = new Callbacks(settle);
    if (roles.transport !== undefined) {
      batch?.watch(roles.transport, instance, callbacks, (error, where) => this.#class.fail(error, where));
    }
    const passed = withCallback(givenCallback(args, roles.callbackAt), callbacks) ?? args;
    const mayAwait = this.#promises || passed === args;
    const inContext = mayAwait && shouldEnter(() => this.#class.callsOut(instance));

    guard.exclusive = flight;
    guard.awaited.add(callbacks);
    guard.begin(flight, inContext);
    guard.keepLock(flight);
    counters.flushes++;
    const run = (): unknown => Reflect.apply(this.#original, batch?.view ?? instance, passed);
    let result: unknown;
    try {
      result = guard.runOnStack(() => (inContext ? enter(flight, run) : run()));
    } catch (cause) {
      settle({ cause });
      throw cause;
    }
    const promised = isPromise(result);
    this.#promises = promised || (this.#promises && this.#told);
    this.#told = true;
    if (!promised && !callbacks.awaited) {
      settle();
      return unview(result);
    }
    if (!promised) callbacks.settleFlight();
    flight.expireAfter(limits.flushTimeoutMs, () => {
      counters.timeouts++;
      log.warn(`${name}: a flush has not settled after ${limits.flushTimeoutMs} ms; its lock is released`);
      guard.end(flight);
    });
    return promised
      ? follow(result as Promise<unknown>, settle, earlier, this.#async, batch !== undefined)
      : unview(result);
  }

  /** The batch to flush, or undefined where the class holds its records instead. */
  #detach(instance: object): Batch | undefined {
    const { path, roles, rules } = this.#class;
    if (rules.length === 0 || !this.#class.enabled || !this.#class.canSwap(instance)) return undefined;
    try {
      return new Batch(instance, ownerOf(instance, path), path, rules, roles.record ?? []);
    } catch (error) {
      this.#class.fail(error, "its buffer cannot be detached");
      return undefined;
    }
  }

  #mergeBack(batch: Batch): void {
    try {
      if (batch.mergeBack()) this.#class.counters.mergedBack++;
    } catch (error) {
      this.#class.fail(error, "what a flush left cannot be merged back");
    }
  }
}

function isBare(args: readonly unknown[]): boolean {
  return args.every((arg) => arg === undefined);
}
