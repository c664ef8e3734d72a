import { Mutex } from "async-mutex";
import { log } from "../log.js";
import { publishHazard } from "../telemetry/channels.js";
import type { Callbacks } from "./callbacks.js";
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
  /** The callbacks of the flushes that have not settled, those that have lost the lock included. */
  readonly awaited = new Set<Callbacks>();
  /** Sends that have begun so far. */
  sends = 0;
  /** Flushes and sends on the stack. */
  running = 0;
  /** Record calls on the stack that were made while a flush was in flight. */
  recording = 0;
  readonly #mutex = new Mutex();
  readonly #held = new HeldCalls();
  readonly #late = new HeldCalls();
  #replaying = false;
  #busy = false;

  constructor(
    readonly guarded: GuardedClass,
    private readonly owner: object,
  ) {}

  /** Whether an exclusive flight may begin now. */
  get free(): boolean {
    return this.exclusive === undefined && !this.#mutex.isLocked();
  }

  /** Whether the running code was started by a flight of this owner. */
  get inside(): boolean {
    return this.running > 0 || isInside(this.flights);
  }

  /** Record calls that wait. */
  get heldCount(): number {
    return this.#held.size;
  }

  /** Whether a record call must wait, because a flush is in flight, an outer record is not over or earlier calls still wait. */
  get mustHold(): boolean {
    if (this.guarded.insideRecord) return true;
    return this.#flushing || (this.#held.size > 0 && !this.#replaying);
  }

  get #flushing(): boolean {
    return (this.running > 0 && this.guarded.holds) || this.exclusive?.holds === true;
  }

  /**
   * Waits for the lock. The flight that begins next has it.
   * @param priority of those that wait, the highest comes first
   */
  async lock(priority = 0): Promise<void> {
    const acquired = this.#mutex.acquire(priority);
    this.#update();
    await acquired;
  }

  /** Gives the lock to whoever waits for it. */
  unlock(): void {
    this.#mutex.release();
    this.#update();
  }

  begin(flight: Flight): void {
    this.flights.add(flight);
    this.#update();
  }

  /** Begins a flight that keeps others out, those that it asks for itself before it first waits included. */
  beginExclusive(flight: Flight): void {
    this.exclusive = flight;
    this.begin(flight);
    if (flight.locked) return;
    flight.locked = true;
    void this.#mutex.acquire();
  }

  /** Ends a flight, or takes the lock from one that does not settle. */
  end(flight: Flight, error?: { cause: unknown }): void {
    if (!this.flights.delete(flight)) {
      this.#update();
      return;
    }
    leaveContext(flight);
    flight.end(error);
    if (this.exclusive === flight) this.exclusive = undefined;
    this.guarded.owners.enter();
    this.guarded.owners.leave(this);
    // Only now, so that held calls that take the lock themselves come before a flush that waits for it.
    if (flight.locked) this.unlock();
  }

  /** Runs a call during which record calls are held, if the class holds any. */
  runOnStack<T>(call: () => T): T {
    this.running++;
    this.#update();
    this.guarded.owners.enter();
    try {
      return call();
    } finally {
      this.running--;
      this.guarded.owners.leave(this);
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
    if (this.guarded.insideRecord) this.guarded.owners.afterwards(this);
    this.#update();
    return true;
  }

  /** Makes the held calls in order, until one of them begins a flush. */
  replay(): void {
    if (this.#replaying || this.#flushing) return;
    if (this.#held.size > 0) {
      this.#replaying = true;
      this.guarded.owners.enter();
      try {
        const made = this.#held.make(this.guarded, () => this.#flushing);
        this.guarded.counters.replayed += made;
        const { name, roles } = this.guarded;
        publishHazard(name, roles.synchronous ? "re-entrancy" : "lost update", "averted", made);
      } finally {
        this.#replaying = false;
        // Still held, and no flush in flight: recorded from inside the replay.
        if (this.#held.size > 0 && !this.#flushing) this.#postpone();
        this.guarded.owners.leave();
      }
    }
    this.#update();
  }

  /** Makes every held call at once, flush in flight or not: before the process exits, or when the guard is switched off. */
  replayNow(): void {
    this.#recallLate();
    this.guarded.counters.replayed += this.#held.make(this.guarded, () => false);
    this.#update();
  }

  /** Holds nothing back any more: what is in flight may never settle, and whoever flushes now must not wait for it. */
  stepAside(): void {
    this.replayNow();
    if (this.exclusive !== undefined) this.end(this.exclusive);
  }

  /** Replays what an earlier replay recorded, before a flush or close that is to cover it. */
  catchUp(): void {
    if (this.#late.size === 0) return;
    this.#recallLate();
    this.guarded.owners.enter();
    this.guarded.owners.leave(this);
  }

  /** Makes a call asked for from inside a flush, once the stack is empty and what was held is replayed. */
  afterStack(call: () => unknown): void {
    setImmediate(() => {
      try {
        call();
      } catch (error) {
        // Its caller has long returned.
        log.info(`${this.guarded.name}: a call that had waited for a flush threw: ${String(error)}`);
      }
    });
  }

  #postpone(): void {
    this.#late.takeAll(this.#held);
    setTimeout(() => {
      this.#recallLate();
      this.replay();
    }, LATE_REPLAY_MS).unref();
  }

  /** Puts the late calls ahead of those held since. */
  #recallLate(): void {
    this.#late.takeAll(this.#held);
    this.#held.takeAll(this.#late);
  }

  #update(): void {
    const active = this.running > 0 || this.exclusive !== undefined || this.#held.size > 0;
    // A flush that has lost the lock still has its batch: what is recorded on its view must not go there.
    const busy = active || this.awaited.size > 0;
    if (busy !== this.#busy) {
      this.#busy = busy;
      this.guarded.owners.busy += busy ? 1 : -1;
    }
    const idle = !active && this.flights.size === 0 && this.#late.size === 0 && !this.#mutex.isLocked();
    this.guarded.setActive(this, !idle);
    // The next flush makes another guard. An owner that flushes synchronously would need it again at once, and one that is
    // flushed before its close counts its sends.
    const { flushBeforeClose, synchronous } = this.guarded.roles;
    if (idle && !busy && !synchronous && !flushBeforeClose) this.guarded.forget(this, this.owner);
  }
}
