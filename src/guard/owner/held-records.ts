import { log } from "../../log.js";
import type { Method } from "../../methods/method.js";
import { reasonOf } from "../../reason-of.js";
import type { Strategy } from "../../target.js";
import { publishHazard } from "../../telemetry/channels.js";
import type { Counters } from "../../telemetry/counters.js";
import { setTimeout } from "../../timers.js";
import { HeldCalls } from "./held-calls.js";
import type { Owners } from "./owners.js";
import { Pace, rest } from "./pace.js";

/** The class whose records they are. */
export interface RecordsOfClass {
  readonly name: string;
  readonly strategy: Strategy;
  readonly counters: Counters;
  readonly owners: Owners;
  /** Whether the running code was called by a record that may not have stored its value yet. */
  readonly insideRecord: boolean;
}

/** Their lock owner. */
interface Holder {
  /** Whether a flush keeps the records made now. */
  readonly keepsRecords: boolean;
  /** Whether flushes wait for the rest of a replay. */
  readonly isLocked: boolean;
  /** More of them wait, or fewer. */
  changed(): void;
  /** The rest of a replay has been made that went on after it had begun. */
  replayed(): void;
}

/** Pause before record calls made from inside a replay are replayed: an error handler that records would never end. */
const LATE_REPLAY_MS = 1000;

const never = (): boolean => false;

/** The record calls of one lock owner that wait for a flush, and their replay. */
export class HeldRecords {
  readonly #held = new HeldCalls();
  readonly #late = new HeldCalls();
  /** Of a replay that has begun and goes on. */
  #pace: Pace | undefined;
  #isReplaying = false;
  /** A replay goes on in the next turn of the loop. */
  #inTurns = false;

  constructor(
    private readonly guarded: RecordsOfClass,
    private readonly holder: Holder,
  ) {}

  get size(): number {
    return this.#held.size;
  }

  /** Whether any waits for longer, as a replay has recorded it. */
  get hasLate(): boolean {
    return this.#late.size > 0;
  }

  /** Whether a record must wait for its turn although no flush keeps it: earlier ones do. */
  get comeFirst(): boolean {
    return this.#held.size > 0 && !this.#isReplaying;
  }

  /** Whether a replay goes on in the next turn of the loop. */
  get inTurns(): boolean {
    return this.#inTurns;
  }

  add(method: Method, receiver: object, args: readonly unknown[]): void {
    this.#held.add(method, receiver, args);
    this.guarded.counters.held++;
    if (this.guarded.insideRecord) this.guarded.owners.afterwards(this.replay);
    this.holder.changed();
  }

  /** Makes the held calls in order, until one of them begins a flush; as many in one turn of the loop as its pace allows. */
  readonly replay = (): void => {
    const { guarded, holder } = this;
    if (this.#isReplaying || holder.keepsRecords) return;
    if (this.#held.size > 0) {
      // Without the lock, nothing would wait for the rest.
      this.#pace ??= new Pace();
      const isOver = holder.isLocked ? this.#pace.begin(this.#held.size) : never;
      const made = this.#make(() => holder.keepsRecords || isOver());
      publishHazard(guarded.name, guarded.strategy === "on the stack" ? "re-entrancy" : "lost update", "averted", made);
      if (this.#held.size > 0 && !holder.keepsRecords) this.#goOnInTurns();
      else this.#pace = undefined;
    }
    holder.changed();
  };

  /** Makes them once no guarded call is on the stack: at once where none is. */
  replayOffTheStack(): void {
    this.guarded.owners.enter();
    this.guarded.owners.leave(this.replay);
  }

  /** Makes every one at once, flush in flight or not. */
  replayAll(): void {
    this.#recallLate();
    if (this.#held.size > 0) this.#make(never);
    this.holder.changed();
  }

  /** Replays what an earlier replay recorded, before a flush or close that is to cover it. */
  catchUp(): void {
    if (!this.hasLate) return;
    this.#recallLate();
    this.replayOffTheStack();
  }

  /** Until all is made, records wait behind it, and flushes for the lock. */
  #goOnInTurns(): void {
    if (this.#inTurns) return;
    this.#inTurns = true;
    rest(() => {
      this.#inTurns = false;
      this.replayOffTheStack();
      if (!this.#inTurns) this.holder.replayed();
    });
  }

  #make(stopped: () => boolean): number {
    const { guarded } = this;
    this.#isReplaying = true;
    guarded.owners.enter();
    try {
      const { made, added } = this.#held.make((error) => {
        log.info(`${guarded.name}: a held record call failed: ${reasonOf(error)}`);
      }, stopped);
      guarded.counters.replayed += made;
      if (this.holder.keepsRecords) this.#held.takeAll(added);
      else if (added.size > 0) this.#postpone(added);
      return made;
    } finally {
      this.#isReplaying = false;
      guarded.owners.leave();
    }
  }

  /** What is recorded from inside a replay waits for longer. */
  #postpone(added: HeldCalls): void {
    this.#late.takeAll(added);
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
}
