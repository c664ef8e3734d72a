import { Mutex } from "async-mutex";
import { log } from "../log.js";
import { isInside, leave as leaveContext } from "./context.js";
import type { Flight } from "./flight.js";
import type { GuardedClass, Method } from "./guarded-class.js";
import { HeldCalls } from "./held-calls.js";

/** Pause before record calls made from inside a replay are replayed: an error handler that records would never end. */
const LATE_REPLAY_MS = 1000;

/** The state of one lock owner. */
export class Guard {
  /** Everything in flight, sends included. */
  readonly flights = new Set<Flight>();
  /** Follow-up flushes that have not begun, by the flush they run. */
  readonly followUps = new Map<object, Promise<unknown>>();
  /** The flush or record that no other may overlap. */
  exclusive: Flight | undefined;
  /** What ends the flushes that wait for a callback which may never come. */
  readonly aborts = new Set<() => void>();
  /** Flushes and sends on the stack. */
  running = 0;
  /** Record calls on the stack that were made while a flush was in flight. */
  recording = 0;
  readonly #mutex = new Mutex();
  readonly #contexts = new Set<Flight>();
  readonly #held = new HeldCalls();
  readonly #late = new HeldCalls();
  #replaying = false;
  #busy = false;

  constructor(readonly guarded: GuardedClass) {}

  /** Whether an exclusive flight may begin now. */
  get free(): boolean {
    return this.exclusive === undefined && !this.#mutex.isLocked();
  }

  /** Whether the running code was started by a flight of this owner. */
  get inside(): boolean {
    return this.running > 0 || isInside(this.flights);
  }

  /** Whether a record call must wait, because a flush is in flight or earlier calls still wait. */
  get mustHold(): boolean {
    return this.#flushing || (this.#held.size > 0 && !this.#replaying);
  }

  get #flushing(): boolean {
    return (this.running > 0 && this.guarded.holds) || this.exclusive?.holds === true;
  }

  /** Waits for the lock. The flight that begins next has it. */
  async lock(): Promise<void> {
    const acquired = this.#mutex.acquire();
    this.#update();
    await acquired;
  }

  /** Gives back a lock that no flight has used. */
  unlock(): void {
    this.#mutex.release();
    this.#update();
  }

  /** @param inContext whether code started by the flight is told apart, until it ends */
  begin(flight: Flight, inContext: boolean): void {
    this.flights.add(flight);
    if (inContext) this.#contexts.add(flight);
    this.#update();
  }

  /** Keeps others out while an exclusive flight outlives the call that began it. */
  keepLock(flight: Flight): void {
    if (flight.locked) return;
    flight.locked = true;
    void this.#mutex.acquire();
  }

  /** Ends a flight, or takes the lock from one that does not settle. */
  end(flight: Flight, error?: { cause: unknown }): void {
    if (!this.flights.delete(flight)) return;
    if (this.#contexts.delete(flight)) leaveContext();
    flight.end(error);
    if (this.exclusive === flight) this.exclusive = undefined;
    if (flight.locked) this.#mutex.release();
    this.guarded.enter();
    this.guarded.leave(this);
  }

  /** Runs a call during which record calls are held, if the class holds any. */
  runOnStack<T>(call: () => T): T {
    this.running++;
    this.#update();
    this.guarded.enter();
    try {
      return call();
    } finally {
      this.running--;
      this.guarded.leave(this);
    }
  }

  /**
   * Keeps a record call until the flush in flight settles.
   * @returns false where the call must be made now after all
   */
  hold(method: Method, receiver: object, args: ArrayLike<unknown>): boolean {
    const { counters, limits, name } = this.guarded;
    if (this.#held.size >= limits.maxHeld) {
      counters.capHits++;
      if (this.exclusive === undefined || this.running > 0) return false;
      log.warn(`${name}: ${this.#held.size} record calls are held for one flush; its lock is released`);
      this.end(this.exclusive);
      return false;
    }
    this.#held.add(method, receiver, args);
    counters.held++;
    this.#update();
    return true;
  }

  /** Makes the held calls in order, until one of them begins a flush. */
  replay(): void {
    if (this.#replaying || this.#flushing) return;
    if (this.#held.size > 0) {
      this.#replaying = true;
      this.guarded.enter();
      try {
        this.guarded.counters.replayed += this.#held.make(this.guarded.name, () => this.#flushing);
      } finally {
        this.#replaying = false;
        // Still held, and no flush in flight: recorded from inside the replay.
        if (this.#held.size > 0 && !this.#flushing) this.#postpone();
        this.guarded.leave();
      }
    }
    this.#update();
  }

  /** Makes every held call at once, flush in flight or not: before the process exits, or when the guard is switched off. */
  replayNow(): void {
    this.#held.takeAll(this.#late);
    this.guarded.counters.replayed += this.#held.make(this.guarded.name, () => false);
    this.#update();
  }

  #postpone(): void {
    this.#late.takeAll(this.#held);
    setTimeout(() => {
      this.#held.takeAll(this.#late);
      this.replay();
    }, LATE_REPLAY_MS).unref();
  }

  #update(): void {
    const busy = this.running > 0 || this.exclusive !== undefined || this.#held.size > 0;
    if (busy !== this.#busy) {
      this.#busy = busy;
      this.guarded.busy += busy ? 1 : -1;
    }
    const idle = !busy && this.flights.size === 0 && this.#late.size === 0 && !this.#mutex.isLocked();
    this.guarded.setActive(this, !idle);
  }
}
