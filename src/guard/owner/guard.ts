import { Mutex } from "async-mutex";
import { log } from "../../log.js";
import type { Method } from "../../methods/method.js";
import { ignore, NativePromise } from "../../methods/promises.js";
import { reasonOf } from "../../reason-of.js";
import type { Roles } from "../../target.js";
import { setImmediate } from "../../timers.js";
import type { Callbacks } from "../calls/callbacks.js";
import { clock } from "./clock.js";
import { type Flight, Flights } from "./flights.js";
import { HeldRecords, type RecordsOfClass } from "./held-records.js";
import { Inside, NOBODY, runOutside } from "./inside.js";
import type { Owners } from "./owners.js";
import type { Protection } from "./protection.js";

export interface Limits {
  /** A flush in flight for longer loses the lock. Milliseconds of loop time. */
  flushTimeoutMs: number;
  /** Record calls held for one lock owner; one more releases the lock. */
  maxHeld: number;
}

/** What a lock owner has of the class of its instances. */
export interface OfClass extends RecordsOfClass {
  readonly roles: Pick<Roles, "drains">;
  readonly limits: Limits;
  /** Told whether the owner has something in flight or held. */
  setActive(guard: Guard, active: boolean): void;
}

/** A flush in line behind the one in flight. */
export interface InLine {
  /** Gives what the flush gives. */
  readonly promise: Promise<unknown>;
  /** One more waits for it. */
  join(): Promise<unknown>;
  /** Runs at once, unguarded. */
  runNow(): void;
  /** It need not run any more, and gives this. */
  adopt(result: unknown): void;
}

/**
 * The state of one lock owner.
 *
 * | state | a record | a flush asked for |
 * |---|---|---|
 * | idle: nothing in flight | runs | begins |
 * | protected: one flush has the lock | goes aside or is held | waits in line |
 * | taken: that flush has its batch | runs | waits in line |
 * | replaying: that flush is over, and what was held is made turn by turn | is held behind it | waits in line |
 * | open: a flush is in flight that nothing can be said of | runs | runs at once, as unguarded |
 */
export class Guard {
  /** Everything in flight, sends included. */
  readonly flights = new Flights();
  readonly inside = new Inside();
  /** Follow-up flushes that have not begun, by the flush they run. */
  readonly followUps = new Map<object, InLine>();
  /** The callbacks of the flushes that have not settled, those that have lost the lock included. */
  readonly awaited = new Set<Callbacks>();
  /** Sends that have begun so far. */
  sends = 0;
  /** Flushes that have begun so far. */
  flushes = 0;
  /** Flushes and sends on the stack. */
  running = 0;
  readonly #mutex = new Mutex();
  readonly #held: HeldRecords;
  readonly #open = new Set<Flight>();
  readonly #recordWaiters: (() => void)[] = [];
  #recording = 0;
  #waiting = 0;
  #protection: Protection | undefined;
  #exclusive: Flight | undefined;
  #previous: Flight | undefined;
  #flushing: object | undefined;
  #isBusy = false;

  constructor(
    readonly guarded: OfClass,
    /** Of every class that may record into it. */
    private readonly cells: readonly Owners[],
    /** Called when it has nothing in flight or held any more: the next flush makes another. */
    private readonly forget: () => void,
  ) {
    this.#held = new HeldRecords(guarded, this);
  }

  /** Whether a flush may begin now that keeps others out. */
  get isFree(): boolean {
    return !this.#mutex.isLocked() && this.#open.size === 0;
  }

  /** Whether a flush is in flight that nothing can be said of, so that none may be kept waiting. */
  get isOpen(): boolean {
    return this.#open.size > 0;
  }

  /** Whether a flush waits in line that will send what comes back. */
  get isWaitedFor(): boolean {
    return this.#waiting > 0;
  }

  /** Whether a flush has the lock, or a replay after it. */
  get isLocked(): boolean {
    return this.#exclusive !== undefined;
  }

  /** Whether a flush keeps the records made now. */
  get keepsRecords(): boolean {
    return this.#protection?.keeps === true || (this.running > 0 && this.guarded.strategy === "on the stack");
  }

  /** What keeps the records made now from the flush that has the lock. */
  get protection(): Protection | undefined {
    return this.#protection;
  }

  /** Whether the flush that has the lock has its batch. */
  get isTaken(): boolean {
    return this.#exclusive !== undefined && this.#protection?.isTaken !== false;
  }

  /** Whether that flush has taken something out of the buffer. */
  get hasTaken(): boolean {
    return this.#exclusive?.isOver === false && this.#protection?.hasTaken !== false;
  }

  /** What runs the flush that has the lock. */
  get flushing(): object | undefined {
    return this.#flushing;
  }

  /** Whether records have been kept from this flush that it might have sent. */
  hasKept(flight: Flight): boolean {
    return this.#exclusive === flight && this.#protection !== undefined && this.keepsSomething && flight.wentOn;
  }

  /** Whether records are kept from a flush now. */
  get keepsSomething(): boolean {
    return this.#held.size > 0 || this.#protection?.aside?.hasRecords === true;
  }

  /** The flush that has the lock. */
  get exclusive(): Flight | undefined {
    return this.#exclusive;
  }

  /** The flush that had it last, if it has settled. */
  get previous(): Flight | undefined {
    return this.#previous;
  }

  /** Record calls that wait. */
  get heldCount(): number {
    return this.#held.size;
  }

  /** Records that are kept from the flush in flight. */
  get keptCount(): number {
    return this.heldCount + (this.#protection?.aside?.records ?? 0);
  }

  /** Whether a record must wait for its turn although no flush keeps it: earlier ones do. */
  get mustQueue(): boolean {
    return this.#held.comeFirst;
  }

  /** Records that have given a promise and not settled. */
  get recording(): number {
    return this.#recording;
  }

  /** A record has given a promise. */
  beginRecord(): void {
    this.#recording++;
    this.changed();
  }

  /** That promise has settled. */
  endRecord(): void {
    this.#recording--;
    this.#releaseWhereGrown();
    if (this.#recording === 0) for (const resolve of this.#recordWaiters.splice(0)) resolve();
    this.changed();
  }

  /** Settles when the records that have given a promise have settled. */
  recorded(): Promise<void> {
    return new NativePromise((resolve) => this.#recordWaiters.push(resolve));
  }

  /**
   * Who asks for something that has to wait for what is in flight; where nobody can be, none are looked for.
   * @returns undefined where it is asked for from inside of that
   */
  askers(callsOut: boolean): ReadonlySet<Inside> | undefined {
    if (this.running > 0) return undefined;
    return callsOut ? this.inside.askers() : NOBODY;
  }

  /** Waits for the lock, and after a freeze for a few turns more. Whoever gets it must `begin` or `unlock` at once. */
  async lock(): Promise<void> {
    const acquired = this.#mutex.acquire();
    this.#waiting++;
    this.changed();
    const waited = clock.wait();
    await acquired;
    const thawed = clock.thawed();
    if (thawed !== undefined) await thawed;
    waited();
    this.#waiting--;
  }

  unlock(): void {
    this.#mutex.release();
    this.changed();
  }

  /** Begins a flight that others are only told of. */
  begin(flight: Flight): void {
    this.flights.begin(flight);
    this.changed();
  }

  /** Begins a flight during which the client is as it is unguarded. */
  beginOpen(flight: Flight): void {
    this.flushes++;
    this.#open.add(flight);
    this.begin(flight);
  }

  /**
   * Begins a flight that keeps others out.
   * @param flush what runs it
   * @param locked the lock has been waited for; else it is free
   */
  beginExclusive(flight: Flight, flush: object, protection: Protection, locked: boolean): void {
    if (!locked) void this.#mutex.acquire();
    this.flushes++;
    this.#exclusive = flight;
    this.#flushing = flush;
    this.#protection = protection;
    this.begin(flight);
  }

  /**
   * Keeps from the flush that has just begun what the record still puts in that has asked for it, to make room.
   * @param canSwap asked where there is one: whether it may find its buffer replaced
   */
  keepRestOfRecord(canSwap: () => boolean): void {
    const owners = this.cells.find(({ onStack }) => onStack);
    if (owners === undefined || this.#protection?.keeps !== true) return;
    const { aside } = this.#protection;
    const isAside = aside !== undefined && canSwap() && aside.swapIn();
    owners.afterwards(isAside ? () => aside.swapOut() : () => this.#releaseWhereGrown());
  }

  /** Ends a flight: what was kept from it comes back, and whoever waits for the lock goes on. */
  end(flight: Flight): void {
    const isFirst = this.flights.end(flight);
    this.#open.delete(flight);
    if (!isFirst || this.#exclusive !== flight) {
      this.changed();
      return;
    }
    runOutside(() => {
      this.#bringBack();
      this.#held.replayOffTheStack();
    });
    if (!this.#held.inTurns) this.#unlockFor(flight);
  }

  /** The flush that has the lock has its batch: what is recorded from here on is safe in the buffer. */
  taken(): void {
    this.#bringBack();
    this.#held.replay();
  }

  /**
   * Makes the state what it would be unguarded: nothing is kept from what is in flight any more, and nobody waits for it.
   * Must come before any call of which nothing is known.
   */
  release(): void {
    const flight = this.#exclusive;
    runOutside(() => {
      this.#bringBack();
      this.#held.replayAll();
      if (flight === undefined) return;
      if (!flight.isOver) this.#open.add(flight);
      this.#unlockFor(flight);
    });
  }

  /** A flush is called that is not guarded any more. */
  flushesUnguarded(): void {
    this.release();
    this.flushes++;
  }

  /** Nothing more is guarded: what waits is made, and the flushes that wait run. */
  letGo(): void {
    this.release();
    const waiting = [...this.followUps.values()];
    for (const followUp of waiting) followUp.runNow();
  }

  /** Brings back what is kept from the flush that has the lock, which begins to read anew. */
  protectAgain(protect: () => Protection | undefined): void {
    const exclusive = this.#exclusive;
    this.taken();
    if (exclusive !== undefined && this.#exclusive === exclusive) this.#protection = protect();
  }

  /** Gives up on a flight that does not settle: it counts as over. */
  giveUp(flight: Flight): void {
    if (this.#exclusive === flight) this.release();
    this.flights.giveUp(flight);
    this.end(flight);
  }

  /** Makes a call during which record calls and flushes are told to be inside. */
  runOnStack<T>(call: () => T): T {
    this.running++;
    this.changed();
    this.guarded.owners.enter();
    try {
      return this.inside.run(call);
    } finally {
      this.running--;
      this.guarded.owners.leave(this.#held.replay);
    }
  }

  /** Ends the flushes whose callbacks will not be called. */
  abandonCallbacks(): void {
    const awaited = [...this.awaited];
    for (const callbacks of awaited) callbacks.abandon();
  }

  /**
   * Keeps a record call until the flush in flight settles.
   * @returns false where the call must be made now after all
   */
  hold(method: Method, receiver: object, args: readonly unknown[]): boolean {
    const { counters, limits, name } = this.guarded;
    if (this.heldCount >= limits.maxHeld) {
      counters.capHits++;
      if (this.running > 0) return false;
      log.warn(`${name}: ${this.heldCount} record calls are held for one flush; its lock is released`);
      this.release();
      return false;
    }
    this.#held.add(method, receiver, args);
    return true;
  }

  /**
   * Keeps a record call that gives a promise.
   * @returns what its caller gets meanwhile; undefined where the call must be made now after all
   */
  later(call: () => unknown, instance: object): Promise<unknown> | undefined {
    let settle: (result: unknown) => void = ignore;
    const promise = new NativePromise<unknown>((resolve) => {
      settle = resolve;
    });
    let waited = ignore;
    const made = (): void => {
      waited();
      settle(new NativePromise((resolve) => resolve(call())));
    };
    if (!this.hold(made, instance, [])) return undefined;
    waited = clock.wait();
    return promise;
  }

  /** Replays what an earlier replay recorded, before a flush or close that is to cover it. */
  catchUp(): void {
    this.#held.catchUp();
  }

  /** Makes a call asked for from inside a flush, once the stack is empty and what was held is replayed. */
  afterStack(call: () => unknown): void {
    setImmediate(() => {
      try {
        call();
      } catch (error) {
        // Its caller has long returned.
        log.info(`${this.guarded.name}: a call that had waited for a flush threw: ${reasonOf(error)}`);
      }
    });
  }

  /** What was kept from the flush that had the lock is made. */
  replayed(): void {
    if (this.#exclusive?.isOver) this.#unlockFor(this.#exclusive);
  }

  /** Tells whoever counts busy and active owners. */
  changed(): void {
    const busy = this.running > 0 || this.#protection !== undefined || this.#held.size > 0 || !this.isFree;
    if (busy !== this.#isBusy) {
      this.#isBusy = busy;
      for (const cell of this.cells) cell.busy += busy ? 1 : -1;
    }
    const idle = !busy && this.flights.size === 0 && !this.#held.hasLate && this.#recording === 0;
    this.guarded.setActive(this, !idle);
    const { strategy, roles } = this.guarded;
    // A callback may still come, or be given up, and so may what was given up. An owner that flushes synchronously would need it
    // again at once, and one that is flushed before its close counts its sends.
    const mayCome = this.awaited.size > 0 || this.flights.hasOverdue;
    if (idle && !mayCome && strategy !== "on the stack" && !roles.drains) this.forget();
  }

  /** What has come into the buffer beside a flush may go with its batch: then it must be as it is unguarded, where another sends it. */
  #releaseWhereGrown(): void {
    if (this.#protection?.hasGrown) this.release();
  }

  #unlockFor(flight: Flight): void {
    // Only now, so that what was held comes before a flush that waits for the lock.
    if (this.#exclusive !== flight) return;
    this.#previous = flight.isOver ? flight : undefined;
    this.#exclusive = undefined;
    this.#flushing = undefined;
    this.unlock();
  }

  #bringBack(): void {
    const protection = this.#protection;
    this.#protection = undefined;
    protection?.end();
  }
}
