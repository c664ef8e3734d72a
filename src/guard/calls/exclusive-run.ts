import { log } from "../../log.js";
import type { Kinds } from "../../methods/kinds.js";
import { ignore, isPromise } from "../../methods/promises.js";
import { type FlushTrace, traced } from "../../telemetry/flush-trace.js";
import { unview } from "../buffers/view.js";
import type { ViewedBatch } from "../buffers/viewed-batch.js";
import type { Flight } from "../owner/flights.js";
import type { Guard } from "../owner/guard.js";
import { hasCallback } from "./callback-argument.js";
import { type Failure, type FlightMethod, FlightRun } from "./flight-run.js";
import type { LeftOutCallback } from "./left-out-callback.js";

/** A flush that reads a buffer it may not have detached. */
export interface ExclusiveMethod extends FlightMethod {
  /** What its calls have returned. */
  readonly kinds: Kinds;
  readonly leftOut: LeftOutCallback;
  /** A callback has told the end of one that had returned. */
  callbackTells: boolean;
  /** Flushes what was kept from a flush that might have sent it. */
  followUp(guard: Guard, instance: object, flight: Flight): void;
}

/** How a flush that keeps others out begins. */
export interface Start {
  /** The lock has been waited for. */
  locked: boolean;
  /** Asked for from inside a flush. */
  reentrant: boolean;
}

/** A call of it of which nothing can be said: it keeps nobody out, and the client is as it is unguarded. */
export class OpenRun extends FlightRun<ExclusiveMethod> {
  /** What the original is called on. */
  protected get receiver(): object {
    return this.instance;
  }

  protected override get endIsDoubtful(): boolean {
    return !this.method.callbackTells && !this.method.guarded.declaresEnd;
  }

  protected override calledBack(): void {
    this.method.callbackTells = true;
  }

  protected override expired(waitedMs: number): void {
    super.expired(waitedMs);
    log.warn(`${this.method.guarded.name}: a flush has not settled after ${waitedMs} ms; its lock is released`);
  }

  override make(args: readonly unknown[]): unknown {
    const { guarded } = this.method;
    guarded.prepare(this.instance);
    guarded.lookForEmpty(this.instance);
    guarded.counters.flushes++;
    return super.make(args);
  }

  protected override call(args: readonly unknown[]): unknown {
    const { instance, method, receiver, trace } = this;
    const result = this.guard.runOnStack(() => traced(trace, () => Reflect.apply(method.original, receiver, args)));
    const given = unview(result);
    method.kinds.note(given, instance, hasCallback(args));
    method.leftOut.returned(args, given, instance);
    method.guarded.flushKinds.note(given, instance);
    // Whether it has ended is not known, so none of the guard's own may follow it.
    if (typeof given === "object" && given !== null && given !== instance && !isPromise(given)) {
      this.wentOn = false;
    }
    return result;
  }

  protected override settle(_failure: Failure): void {
    this.method.guarded.lookForEmpty(this.instance);
    this.guard.end(this);
  }
}

/** A call that has the lock. */
export class ExclusiveRun extends OpenRun {
  /** Called when it has not settled in time. */
  giveUp: () => void = ignore;
  /** The owner's flushes that have begun, with itself. */
  readonly #flushes: number;

  constructor(
    method: ExclusiveMethod,
    guard: Guard,
    instance: object,
    override readonly args: readonly unknown[],
    private readonly start: Start,
    private readonly viewed: ViewedBatch | undefined,
    trace: FlushTrace | undefined,
  ) {
    // It also waits for all that had begun before it.
    super(method, guard, instance, start.reentrant ? 0 : guard.flights.begun, trace);
    this.#flushes = guard.flushes + 1;
  }

  override get reentrant(): boolean {
    return this.start.reentrant;
  }

  protected override get receiver(): object {
    return this.viewed?.view ?? this.instance;
  }

  protected override get isViewed(): boolean {
    return this.viewed !== undefined;
  }

  protected override withCallbacks(args: readonly unknown[]): readonly unknown[] {
    this.viewed?.watch(this.handsOut());
    return super.withCallbacks(args);
  }

  protected override expired(waitedMs: number): void {
    super.expired(waitedMs);
    this.giveUp();
  }

  protected override settle(failure: Failure): void {
    const { guard, instance, method, trace, viewed } = this;
    method.guarded.lookForEmpty(instance);
    if (trace !== undefined && viewed === undefined) trace.message.held = guard.keptCount;
    viewed?.mergeBack(trace);
    // One that is not guarded any more has found what was kept.
    const isFound = method.guarded.stopping && guard.flushes !== this.#flushes;
    const isMissed = !isFound && (viewed?.wantsMore ?? guard.hasKept(this));
    if (failure === undefined && isMissed && !this.reentrant) method.followUp(guard, instance, this);
    if (failure === undefined) this.#learn();
    guard.end(this);
    trace?.settled(failure);
  }

  /** Sees which of the fields that records add to are buffers, where records have been kept out of them all the time. */
  #learn(): void {
    const { guard, method } = this;
    const { bufferFields } = method.guarded;
    const found = guard.exclusive === this ? guard.protection?.found : undefined;
    if (found === undefined || bufferFields.unnamed.length === 0) return;
    const taken = bufferFields.flushed(found);
    if (taken.length === 0 || method.guarded.rules.length === 0) return;
    const names = taken.map((name) => `"${name}"`).join(", ");
    method.guarded.tell(`buffers: a flush takes from ${names} too; its record calls wait while a flush runs`);
  }
}
