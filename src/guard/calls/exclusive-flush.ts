import { isVoid, type Kind, Kinds } from "../../methods/kinds.js";
import type { Method } from "../../methods/method.js";
import { isPromise, mapped, NativePromise, quiet } from "../../methods/promises.js";
import { publishHazard } from "../../telemetry/channels.js";
import { traceFlush } from "../../telemetry/flush-trace.js";
import { quietPending } from "../buffers/pending.js";
import { isView, unview } from "../buffers/view.js";
import { detach } from "../buffers/viewed-batch.js";
import { isTimeMocked } from "../mocked-time.js";
import type { Flight } from "../owner/flights.js";
import type { Guard } from "../owner/guard.js";
import type { GuardedClass } from "../owner/guarded-class.js";
import type { Inside } from "../owner/inside.js";
import { onView } from "../owner/protection.js";
import { areRepeatable, callBack, hasCallback, isAlike, isBare, withoutCallback } from "./callback-argument.js";
import { ExclusiveRun, OpenRun, type Start } from "./exclusive-run.js";
import { FollowUp, type Wait, type WaitingFlush } from "./follow-up.js";
import { LeftOutCallback } from "./left-out-callback.js";
import { contentsOf, protect } from "./protect.js";

/** A flush that reads a buffer it may not have detached: one at a time for an owner. */
export class ExclusiveFlush implements WaitingFlush {
  readonly isAsync: boolean;
  readonly kinds: Kinds;
  readonly leftOut: LeftOutCallback;
  callbackTells = false;
  /** Calls on the stack that are parts of flushes in flight. */
  readonly #parts: { guard: Guard; args: readonly unknown[] }[] = [];

  constructor(
    readonly guarded: GuardedClass,
    readonly original: Method,
    private readonly name: string,
  ) {
    this.isAsync = guarded.givesOwnPromise(original);
    this.kinds = new Kinds(this.isAsync ? "promise" : undefined);
    this.leftOut = new LeftOutCallback(guarded);
  }

  call(instance: object, receiver: object, args: readonly unknown[]): unknown {
    const given = this.#call(instance, receiver, args);
    if (isPromise(given)) this.guarded.flushPromises.add(given);
    return given;
  }

  #call(instance: object, receiver: object, args: readonly unknown[]): unknown {
    // Asked for by the flush that has the view: a part of it.
    if (isView(receiver)) return Reflect.apply(this.original, receiver, args);
    if (this.guarded.stopping) {
      // It would not find what is kept from the flush in flight.
      this.guarded.existingGuardOf(instance)?.flushesUnguarded();
      return Reflect.apply(this.original, receiver, args);
    }
    const guard = this.guarded.guardOf(instance);
    if (guard.running > 0) return this.#fromInside(guard, instance, args);
    // One that could only wait for records, and of which nothing is known yet, begins.
    const mayBegin = guard.isFree && (guard.recording === 0 || this.#answers === undefined);
    if (mayBegin) return this.begin(guard, instance, args, { locked: false, reentrant: false });
    return this.#besideAnother(guard, instance, args);
  }

  /** Another is in flight, or records are that it would wait for. */
  #besideAnother(guard: Guard, instance: object, args: readonly unknown[]): unknown {
    if (!this.#mayWait(guard, instance, args)) return this.beginOpen(guard, instance, args);
    const callsOut = this.guarded.callsOut(instance);
    // Of an async function the stack tells, also where it calls nothing but itself.
    const askers = guard.askers(callsOut !== false || this.isAsync);
    if (askers === undefined) {
      // Asked for by a record that a flush in line waits for.
      if (guard.exclusive === undefined) return this.beginOpen(guard, instance, args);
      return this.#fromInside(guard, instance, args);
    }
    // Recursion after a part of the batch: a callback does not tell what it belongs to, unless the target says that there is none.
    if (guard.hasTaken && callsOut !== false && !this.#isPromised(args)) return this.#asPart(guard, instance, args);
    if (guard.protection?.hasGrown && this.guarded.owners.areRecordedInto) {
      this.guarded.hasUnseenRecords = true;
      return this.beginOpen(guard, instance, args);
    }
    return this.#wait(guard, instance, args, askers);
  }

  #wait(guard: Guard, instance: object, args: readonly unknown[], askers: ReadonlySet<Inside>): unknown {
    publishHazard(this.guarded.name, "double send", "averted");
    quietPending(this.guarded, guard, instance);
    const mayFail = this.#mayFail(guard, instance);
    const queue = () => this.#queue(guard, instance, args, { reentrant: false, hadSome: mayFail });
    const answer = this.#answer(instance, args, guard.inside.waitedFor(askers, true, queue) as Promise<unknown>);
    return !mayFail && isPromise(answer) ? quiet(answer) : answer;
  }

  /** Unguarded, a flush might have sent what was recorded meanwhile: one that reads late, or goes on until the buffer is empty. */
  followUp(guard: Guard, instance: object, flight: Flight): void {
    const { args = [] } = flight;
    // A flush of the app's own would not wait for it where it gives a promise of a class of its own, and would send the same.
    if (this.kinds.known(hasCallback(args)) === "value") return;
    // Nobody knows of it, so nobody would move the time on that it takes.
    if (isTimeMocked()) return;
    // In the form that the app itself has used.
    if (!areRepeatable(args)) return;
    const waiting = isBare(args) ? guard.followUps.get(this)?.promise : undefined;
    if (waiting === undefined && guard.isWaitedFor) return;
    flight.followedBy ??=
      waiting ??
      quiet(this.#queue(guard, instance, withoutCallback(args), { reentrant: true, flushes: guard.flushes }));
  }

  /** Asked for by what is on the stack of a flush in flight, or goes on for one. */
  #fromInside(guard: Guard, instance: object, args: readonly unknown[]): unknown {
    if (this.#isTheApps(guard, instance, args)) return this.#afterwards(guard, instance, args);
    return this.#asPart(guard, instance, args);
  }

  /** The client's own: delegation, super, recursion. It must find what it would find unguarded. */
  #asPart(guard: Guard, instance: object, args: readonly unknown[]): unknown {
    // With the batch that the flush in flight has in hand, and has not taken yet, it would go.
    const keepsSomething = guard.keepsSomething && guard.protection?.isUntouched !== true;
    if (keepsSomething) guard.protectAgain(() => protect(this.guarded, instance));
    const { protection } = guard;
    let result: unknown;
    this.#parts.push({ guard, args });
    try {
      result = Reflect.apply(this.original, instance, args);
    } finally {
      this.#parts.pop();
    }
    this.kinds.note(unview(result), instance, hasCallback(args));
    if (keepsSomething && guard.protection === protection) protection?.look();
    return result;
  }

  /**
   * Whether a flush from inside a flush is asked for by code of the app's own. The client's would be made on the view, where
   * there is one. Else it must be one that is running, and its target must have said that it does not call itself, or
   * it must have taken nothing yet, and nothing been put in: called alike, it would never end. Called otherwise, it is the app's
   * where code on the stack has recorded meanwhile.
   */
  #isTheApps(guard: Guard, instance: object, args: readonly unknown[]): boolean {
    const { protection } = guard;
    if (protection?.isViewed) return true;
    const runningWith = this.#runningWith(guard);
    if (runningWith === undefined) return false;
    // What it would be answered with must be known.
    return (
      this.guarded.callsOut(instance) === true ||
      (this.#answers !== undefined &&
        (isAlike(args, runningWith) || (guard.running > 0 && guard.keepsSomething)) &&
        protection?.isUntouched === true &&
        !protection.hasGrown)
    );
  }

  /** What it has been called with, where it runs as the flush in flight, or on the stack as a part of it. */
  #runningWith(guard: Guard): readonly unknown[] | undefined {
    const part = this.#parts.findLast((one) => one.guard === guard);
    if (part !== undefined) return part.args;
    return guard.flushing === this ? (guard.exclusive?.args ?? []) : undefined;
  }

  /** A flush that the sender, logger or callback of a flush asks for must not be waited for: that one waits for them. */
  #afterwards(guard: Guard, instance: object, args: readonly unknown[]): unknown {
    publishHazard(this.guarded.name, "re-entrancy", "averted");
    quietPending(this.guarded, guard, instance);
    const outer = guard.exclusive;
    if (!isBare(args) || outer?.reentrant !== true) {
      const queued = quiet(this.#queue(guard, instance, withoutCallback(args), { reentrant: true }));
      // Should it be the client's own after all, whoever waits for the flush waits for this too.
      if (outer !== undefined) outer.followedBy = queued;
    }
    callBack(args);
    return this.#answer(instance, args, NativePromise.resolve());
  }

  /** Whether unguarded it would have had something to send, and so something to fail: what comes while it waits is not its own. */
  #mayFail(guard: Guard, instance: object): boolean {
    return !guard.isFree && !this.isEmpty(guard, instance);
  }

  /** Whether nothing is in the buffer, or kept from it. */
  isEmpty(guard: Guard, instance: object): boolean {
    return !guard.keepsSomething && contentsOf(this.guarded, instance).isEmpty;
  }

  /**
   * Whether what is recorded while it runs can be kept from it: it runs later than unguarded, when other records may be made.
   * Calls that would have to be held must have told that they can.
   * @param isPromised whether it gives a promise
   */
  #keepsRecords({ protection }: Guard, instance: object, isPromised: boolean): boolean {
    const { roles, rules } = this.guarded;
    const areHeld = rules.length === 0 || (protection !== undefined && protection.aside === undefined);
    if (!areHeld || protection?.isViewed === true || !roles.record?.length) return true;
    // It would send nothing but the same again. A callback does not tell what it is called from.
    if (isPromised && protection?.isUntouched === true && !protection.hasGrown) return true;
    return this.#recordsCanWait(instance);
  }

  /** Whether what an instance's records give is known, and the same where they find less in the buffer. */
  #recordsCanWait(instance: object): boolean {
    const canWait = this.guarded.recordsCanWait(instance);
    return canWait.length > 0 && !canWait.includes(false);
  }

  /** Whether it gives a promise. */
  #isPromised(args: readonly unknown[]): boolean {
    return this.kinds.known(hasCallback(args)) === "promise";
  }

  /** Whether it may wait for what is in flight, and what is recorded until then be kept from it. */
  #mayWait(guard: Guard, instance: object, args: readonly unknown[]): boolean {
    if (guard.isOpen || guard.exclusive?.isDoubtful === true || !this.#callersCanWait(args)) return false;
    return this.#keepsRecords(guard, instance, this.#isPromised(args));
  }

  /** Whether its callers can be kept waiting: what they get meanwhile is known, and so is the end of the flush. */
  #callersCanWait(args: readonly unknown[]): boolean {
    const calledBack = hasCallback(args);
    const kind = this.kinds.known(calledBack);
    if (kind === "promise") return true;
    if (this.guarded.declaresEnd) {
      if (!calledBack && !this.leftOut.isKnown) return false;
      return isVoid(kind ?? this.kinds.known(!calledBack) ?? this.guarded.flushKinds.known());
    }
    return isVoid(kind) && calledBack && this.callbackTells;
  }

  /** Waits in line behind the flush in flight: calls without arguments share one follow-up, others each have their own. */
  #queue(guard: Guard, instance: object, args: readonly unknown[], wait: Wait): Promise<unknown> {
    if (!isBare(args)) return new FollowUp(this, guard, instance, args, wait).promise;
    this.guarded.counters.joined++;
    const known = guard.followUps.get(this);
    if (known !== undefined) return known.join();
    const followUp = new FollowUp(this, guard, instance, args, wait);
    guard.followUps.set(this, followUp);
    return quiet(followUp.promise);
  }

  /** What its calls have returned so far. */
  get #answers(): Kind | undefined {
    return this.kinds.known(false) ?? this.kinds.known(true);
  }

  /** What a call returns that does not run the original: where that is a promise, one of its own, whose rejection is its own to handle. */
  #answer(instance: object, args: readonly unknown[], promise: Promise<unknown>): unknown {
    const kind =
      this.kinds.known(hasCallback(args)) ??
      this.#answers ??
      (this.guarded.declaresEnd ? this.guarded.flushKinds.known() : "promise");
    if (kind === "promise") {
      const own = mapped(promise, (value) => value);
      return this.isAsync ? own : quiet(own);
    }
    void quiet(promise);
    return kind === "this" ? instance : undefined;
  }

  /** Nothing can be said of the call, so it finds the state that it would find unguarded. */
  beginOpen(guard: Guard, instance: object, args: readonly unknown[]): unknown {
    guard.release();
    // Were there one waiting too, the same would be sent twice that was sent once.
    const followUp = isBare(args) ? guard.followUps.get(this) : undefined;
    guard.followUps.delete(this);
    const run = new OpenRun(this, guard, instance);
    guard.beginOpen(run);
    const result = run.make(args);
    followUp?.adopt(result);
    return result;
  }

  begin(guard: Guard, instance: object, args: readonly unknown[], start: Start): unknown {
    const viewed = this.guarded.strategy === "swap" ? detach(this.guarded, instance) : undefined;
    const protection = viewed === undefined ? protect(this.guarded, instance) : onView;
    if (protection === undefined) {
      if (start.locked) guard.unlock();
      return this.beginOpen(guard, instance, args);
    }
    const trace = traceFlush(this.guarded.name, this.name);
    const run = new ExclusiveRun(this, guard, instance, args, start, viewed, trace);
    guard.beginExclusive(run, this, protection, start.locked);
    const result = run.make(args);
    if (!guard.hasKept(run)) run.returned();
    if (!run.isOver && guard.protection === protection) {
      if (protection.isTaken) guard.taken();
      else if (this.guarded.recordsUnseen && viewed === undefined) guard.release();
      else {
        protection.look();
        guard.keepRestOfRecord(() => this.#recordsCanWait(instance) && !this.guarded.bufferFields.hasUnused);
      }
    }
    // Whoever was kept waiting is not kept for ever by what has come into the batch meanwhile.
    if (!start.locked || run.isOver || !isPromise(result)) return unview(result);
    const givenUp = new NativePromise<void>((resolve) => {
      run.giveUp = resolve;
    });
    return NativePromise.race([result, givenUp]);
  }
}
