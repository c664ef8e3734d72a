import { isAsync } from "../../is-async.js";
import type { Method } from "../../methods/method.js";
import { publishHazard } from "../../telemetry/channels.js";
import { type FlushTrace, traced, traceFlush } from "../../telemetry/flush-trace.js";
import type { Guard } from "../owner/guard.js";
import type { GuardedClass } from "../owner/guarded-class.js";
import { delayCallback } from "./callback-argument.js";
import { type Failure, type FlightMethod, FlightRun } from "./flight-run.js";
import { LateBatch } from "./late-batch.js";
import { LeftOutCallback } from "./left-out-callback.js";

/** Of a class of the app's own, so many flushes are looked at: whether it is as declared. */
const LOOKED_AT = 5;

/** A flush that takes its batch out of the buffer before it first waits: it runs at once, and settles after those before it. */
export class DetachedFlush implements FlightMethod {
  readonly isAsync: boolean;
  readonly leftOut: LeftOutCallback;
  #lookedAt = 0;

  constructor(
    readonly guarded: GuardedClass,
    readonly original: Method,
    private readonly name: string,
  ) {
    this.isAsync = guarded.givesOwnPromise(original);
    this.leftOut = new LeftOutCallback(guarded);
  }

  /** Undefined where none is looked for any more. */
  lateBatch(instance: object): LateBatch | undefined {
    if (!this.guarded.isOwn || this.#lookedAt++ >= LOOKED_AT) return undefined;
    return new LateBatch(this.guarded, instance, this.name);
  }

  call(instance: object, receiver: object, args: readonly unknown[]): unknown {
    if (this.guarded.stopping) return Reflect.apply(this.original, receiver, args);
    const guard = this.guarded.guardOf(instance);
    this.guarded.counters.flushes++;
    const isAlone = guard.flights.size === 0;
    const askers = isAlone ? undefined : guard.askers(this.guarded.callsOut(instance) !== false);
    // Nothing is in flight, or what calls it is.
    if (askers === undefined) return this.#run(guard, instance, receiver, 0).make(args);
    this.guarded.counters.joined++;
    publishHazard(this.guarded.name, "early return", "averted");
    const { begun } = guard.flights;
    const run = this.#run(guard, instance, receiver, begun);
    const passed = delayCallback(args, () => guard.flights.over(begun));
    return guard.inside.waitedFor(askers, this.isAsync, () => run.make(passed));
  }

  #run(guard: Guard, instance: object, receiver: object, earlier: number): DetachedRun {
    return new DetachedRun(this, guard, instance, receiver, earlier, traceFlush(this.guarded.name, this.name));
  }
}

class DetachedRun extends FlightRun<DetachedFlush> {
  readonly #late: LateBatch | undefined;

  constructor(
    method: DetachedFlush,
    guard: Guard,
    instance: object,
    private readonly receiver: object,
    earlier: number,
    trace: FlushTrace | undefined,
  ) {
    super(method, guard, instance, earlier, trace);
    this.#late = guard.flights.size === 0 ? method.lateBatch(instance) : undefined;
    guard.begin(this);
  }

  protected override call(args: readonly unknown[]): unknown {
    const { instance, method, receiver, trace } = this;
    const result = this.guard.runOnStack(() => traced(trace, () => Reflect.apply(method.original, receiver, args)));
    method.leftOut.returned(args, result, instance);
    this.#late?.returned();
    return result;
  }

  protected override settle(failure: Failure): void {
    this.#late?.settled();
    this.guard.end(this);
    this.trace?.settled(failure);
  }
}

/** A send: never waits, and is only waited for. */
export class TrackedSend implements FlightMethod {
  readonly isAsync: boolean;

  constructor(
    readonly guarded: GuardedClass,
    readonly original: Method,
  ) {
    this.isAsync = isAsync(original);
  }

  call(instance: object, receiver: object, args: readonly unknown[]): unknown {
    if (this.guarded.stopping) return Reflect.apply(this.original, receiver, args);
    const guard = this.guarded.guardOf(instance);
    guard.sends++;
    if (this.guarded.strategy === "on the stack") {
      return guard.runOnStack(() => Reflect.apply(this.original, receiver, args));
    }
    return new SendRun(this, guard, instance, receiver).make(args);
  }
}

class SendRun extends FlightRun {
  constructor(
    method: TrackedSend,
    guard: Guard,
    instance: object,
    private readonly receiver: object,
  ) {
    super(method, guard, instance);
    guard.begin(this);
  }

  /** A function among its arguments may be called only when it fails. */
  protected override withCallbacks(args: readonly unknown[]): readonly unknown[] {
    return args;
  }

  protected override call(args: readonly unknown[]): unknown {
    return this.guard.runOnStack(() => Reflect.apply(this.method.original, this.receiver, args));
  }

  protected override settle(): void {
    this.guard.end(this);
  }
}
