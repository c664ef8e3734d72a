import { recordsIn } from "../guard/buffers/count.js";
import type { BufferRule, MergeRule } from "../target.js";
import type { Hazard } from "../telemetry/messages.js";
import { setImmediate } from "../timers.js";
import { Content } from "./content.js";
import type { ObservedFlight } from "./flight.js";
import { watchField } from "./watched-field.js";

interface Reading {
  content: Content;
  records: number;
  /** What `readMark` gave when the flush began. */
  mark: unknown;
  /** The flush has emptied the buffer before it returned. */
  emptied: boolean;
}

/** A declared field while flushes are in flight: what they read of it, and what they throw away. */
export class WatchedBuffer {
  readonly #owner: Record<string, unknown>;
  readonly #rule: MergeRule | BufferRule;
  readonly #readings = new Map<ObservedFlight, Reading>();
  readonly #saw: (hazard: Hazard, records: number) => void;
  #content: Content;
  /** Contents that left the buffer this turn; who emptied it has not told. */
  readonly #unclaimed: Content[] = [];
  /** Contents that were emptied in place in an earlier turn. */
  readonly #cleared = new WeakSet<Content>();
  /** Times that records were put back. */
  #putBack = 0;
  /** What is in it is being taken out part by part, to be sent. */
  #inParts = false;
  /** Of the buffer when it was last looked at. */
  #size: number | undefined;

  /**
   * @param saw takes what was lost or sent twice, with the number of records
   * @param assigned called when the field has been; calls back with the flush that did so, where that is on the stack
   */
  constructor(
    owner: object,
    private readonly field: string,
    rule: MergeRule | BufferRule,
    saw: (hazard: Hazard, records: number) => void,
    assigned: (note: (by?: ObservedFlight) => void) => void,
  ) {
    this.#owner = owner as Record<string, unknown>;
    this.#rule = rule;
    this.#saw = saw;
    this.#content = new Content(saw);
    const release = watchField(owner, field, (before, after) => assigned((by) => this.#assigned(before, after, by)));
    this.release = release ?? this.release;
  }

  /** Makes the field a plain one again. */
  readonly release: () => void = () => {};

  /** @returns the records that the flush finds */
  begin(flight: ObservedFlight): number {
    this.#look();
    const records = this.#records;
    this.#content.open();
    this.#readings.set(flight, { content: this.#content, records, mark: this.#mark, emptied: false });
    return records;
  }

  /** A flush has returned, and may have taken out what it sends. */
  returned(flight: ObservedFlight): void {
    this.#look(flight);
  }

  /** A flush that has not read the buffer yet sends also what has just been recorded. */
  recorded(): void {
    this.#look();
    if (typeof this.#rule !== "object" || this.#rule.readMark === undefined) return;
    const mark = this.#mark;
    for (const reading of this.#readings.values()) {
      if (reading.content === this.#content && reading.mark === mark) reading.records = this.#records;
    }
  }

  /** @returns the other flushes in flight whose records it has sent too */
  settle(flight: ObservedFlight, failed: boolean): ObservedFlight[] {
    const reading = this.#readings.get(flight);
    if (reading === undefined) return [];
    this.#look();
    this.#readings.delete(flight);
    const { content, records } = reading;
    const sent = reading.emptied || this.#claim(content) || content.isTakenOut || this.#cleared.has(content);
    const isBack = failed && this.#putBack > 0;
    if (isBack) this.#putBack--;
    content.close(records, sent ? (failed && !isBack ? "failed" : "sent") : undefined);
    if (!sent || failed) return [];
    return [...this.#readings].flatMap(([other, read]) => (read.content === content ? [other] : []));
  }

  /** A flush that clears the buffer does so when it has sent: each that has sent has thrown away one content. */
  #claim(own: Content): boolean {
    const index = this.#unclaimed.indexOf(own);
    if (index === -1 && (!own.isGone || own.isTakenOut)) return false;
    const [claimed] = this.#unclaimed.splice(Math.max(index, 0), 1);
    claimed?.close();
    return claimed !== undefined;
  }

  #assigned(before: unknown, after: unknown, by: ObservedFlight | undefined): void {
    const held = recordsIn(this.#rule, before) ?? 0;
    const kept = recordsIn(this.#rule, after) ?? 0;
    if (kept > held) this.#putBack++;
    if (kept > held || (kept === held && kept > 0)) return;
    this.#emptied(held - kept, kept, by);
  }

  /** Finds out whether the buffer was emptied in place since it was last looked at. */
  #look(by?: ObservedFlight): void {
    const size = sizeOf(this.#rule, this.#owner[this.field]);
    const before = this.#size ?? 0;
    this.#size = size;
    if (size === undefined || size >= before) return;
    const content = this.#content;
    this.#emptied(before - size, size, by);
    // Whoever settles later than this turn has sent what it read, and cleared nothing that could be seen.
    setImmediate(() => this.#cleared.add(content)).unref();
  }

  #emptied(records: number, kept: number, by: ObservedFlight | undefined): void {
    const content = this.#content;
    const reading = by && this.#readings.get(by);
    const isRest = !content.isRead && (this.#inParts || [...this.#readings.values()].some(({ emptied }) => emptied));
    if (kept > 0) this.#inParts = true;
    this.#content = new Content(this.#saw);
    this.#size = sizeOf(this.#rule, this.#owner[this.field]);
    // Nobody has read the rest of one that is sent part by part.
    if (isRest) return;
    if (reading === undefined) this.#await(content);
    else reading.emptied = true;
    content.empty(records);
  }

  /** Who throws away what was sent is over in the same turn; who is not has taken it out to be sent. */
  #await(content: Content): void {
    content.open();
    this.#unclaimed.push(content);
    setImmediate(() => {
      const index = this.#unclaimed.indexOf(content);
      if (index === -1) return;
      this.#unclaimed.splice(index, 1);
      content.takeOut();
      content.close();
    }).unref();
  }

  get #records(): number {
    return recordsIn(this.#rule, this.#owner[this.field]) ?? 0;
  }

  get #mark(): unknown {
    return typeof this.#rule === "object" ? this.#rule.readMark?.(this.#owner[this.field] as never) : undefined;
  }
}

/** The number of records in a buffer that can be emptied in place, where it tells that at once. */
function sizeOf(rule: MergeRule | BufferRule, buffer: unknown): number | undefined {
  if (Array.isArray(buffer)) return buffer.length;
  if (buffer instanceof Set || (buffer instanceof Map && rule === "last")) return buffer.size;
  return undefined;
}
