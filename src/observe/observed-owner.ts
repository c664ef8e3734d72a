import type { GuardedClass } from "../guard/owner/guarded-class.js";
import type { Hazard } from "../telemetry/messages.js";
import { attempt } from "./attempt.js";
import { ObservedFlight } from "./flight.js";
import { saw } from "./seen.js";
import { WatchedBuffer } from "./watched-buffer.js";

/** A call on the stack: of a record method, of a close, or of a flush or send. */
type Running = "record" | "close" | ObservedFlight;

/** What observers know of one lock owner. Small where nothing is in flight. */
export class ObservedOwner {
  /** The innermost call on the stack. */
  running: Running | undefined;
  #flights: ObservedFlight[] = [];
  #buffers: WatchedBuffer[] = [];
  /** Records since the last flush or send began. */
  #recorded = 0;

  constructor(
    private readonly guarded: GuardedClass,
    private readonly owner: object,
  ) {}

  /** Whether a flush or send is on the stack. */
  get isFlushing(): boolean {
    return typeof this.running === "object";
  }

  /** Whether its buffers are watched, as flushes are in flight. */
  get isWatching(): boolean {
    return this.#buffers.length > 0;
  }

  /** Runs a call, so that what it does itself can be told from what others do. */
  run<T>(running: Running, call: () => T): T {
    const outer = this.running;
    this.running = running;
    try {
      return call();
    } finally {
      this.running = outer;
    }
  }

  /** Before the outermost record call. */
  records(): void {
    this.#recorded++;
  }

  /** After a record call. */
  recorded(): void {
    for (const buffer of this.#buffers) buffer.recorded();
  }

  /** A flush or send begins. */
  begin(): ObservedFlight {
    const flight = new ObservedFlight([...this.#flights]);
    const { roles, rules, limits } = this.guarded;
    if (this.#flights.length === 0) this.#watch();
    this.#flights.push(flight);
    if (rules.some(isCountable)) {
      for (const buffer of this.#buffers) flight.records += buffer.begin(flight);
    } else if (roles.record?.length) {
      flight.records = this.#recorded;
      this.#recorded = 0;
    } else {
      // A flush's own sends are part of it.
      flight.records = this.isFlushing ? 0 : 1;
    }
    flight.expireAfter(limits.flushTimeoutMs, () => attempt(this.guarded, () => this.end(flight, false)));
    return flight;
  }

  /** A flush or send has returned, and may not have settled. */
  returned(flight: ObservedFlight): void {
    for (const buffer of this.#buffers) buffer.returned(flight);
  }

  /**
   * A flush or send has settled.
   * @param failed whether its send has failed
   * @returns the flights that began earlier and are still sending what it has not sent itself
   */
  end(flight: ObservedFlight, failed: boolean): ObservedFlight[] {
    if (flight.isOver) return [];
    flight.end();
    this.#flights = this.#flights.filter((other) => other !== flight);
    const resent = new Set<ObservedFlight>();
    try {
      for (const buffer of this.#buffers) {
        for (const other of buffer.settle(flight, failed || flight.failed)) resent.add(other);
      }
    } finally {
      if (this.#flights.length === 0) this.#release();
    }
    return flight.earlier.filter((earlier) => !earlier.isOver && !resent.has(earlier));
  }

  get flights(): readonly ObservedFlight[] {
    return this.#flights;
  }

  /** Somebody who has waited goes on while these are still sending. */
  strand(flights: readonly ObservedFlight[], hazard: Hazard): void {
    let records = 0;
    for (const flight of flights) {
      if (!flight.stranded) records += flight.records;
      flight.stranded = true;
    }
    saw(this.guarded.name, hazard, records);
  }

  #watch(): void {
    const { rules, name } = this.guarded;
    this.#buffers = rules.filter(isCountable).map(
      ([field, rule]) =>
        new WatchedBuffer(
          this.owner,
          field,
          rule,
          (hazard, records) => saw(name, hazard, records),
          (assigned) => attempt(this.guarded, () => this.#assigned(assigned)),
        ),
    );
  }

  /** What a record method assigns is still the same buffer, with one record more. */
  #assigned(assigned: (by?: ObservedFlight) => void): void {
    if (this.running !== "record") assigned(this.running === "close" ? undefined : this.running);
  }

  #release(): void {
    for (const buffer of this.#buffers) buffer.release();
    this.#buffers = [];
  }
}

function isCountable([, rule]: GuardedClass["rules"][number]): boolean {
  return typeof rule === "string" || rule.count !== undefined;
}
