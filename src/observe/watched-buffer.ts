import { recordsIn } from "../guard/count.js";
import type { BufferRule, MergeRule } from "../target.js";
import type { Hazard } from "../telemetry/messages.js";
import { Content } from "./content.js";
import type { ObservedFlight } from "./flight.js";
import { watchField } from "./watched-field.js";

interface Reading {
  content: Content;
  records: number;
  /** What `readMark` gave when the flush began. */
  mark: unknown;
  /** The flush itself has emptied the buffer. */
  emptied: boolean;
}

/** A declared field while flushes are in flight: what they read of it, and what they throw away. */
export class WatchedBuffer {
  readonly #owner: Record<string, unknown>;
  readonly #rule: MergeRule | BufferRule;
  readonly #readings = new Map<ObservedFlight, Reading>();
  readonly #saw: (hazard: Hazard, records: number) => void;
  #content: Content;
  /** Contents thrown away by a flush that is still to settle. */
  readonly #unclaimed: Content[] = [];
  /** What is in it is being taken out part by part, to be sent. */
  #inParts = false;
  /** Of the buffer when it was last looked at. */
  #size: number | undefined;

  /**
   * @param saw takes what was lost or sent twice, with the number of records
   * @param assignedBy who is on the stack: a record method, or the flush that it is
   */
  constructor(
    owner: object,
    private readonly field: string,
    rule: MergeRule | BufferRule,
    saw: (hazard: Hazard, records: number) => void,
    assignedBy: () => "record" | ObservedFlight | undefined,
  ) {
    this.#owner = owner as Record<string, unknown>;
    this.#rule = rule;
    this.#saw = saw;
    this.#content = new Content(saw);
    this.release =
      watchField(owner, field, (before, after) => {
        const by = assignedBy();
        if (by !== "record") this.#assigned(before, after, by);
      }) ?? this.release;
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
    // Whoever throws away what was sent is over at once, so this was taken out to be sent.
    this.#look()?.detach();
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
    const sent = reading.emptied || this.#claim(content);
    content.close(records, sent ? (failed ? "failed" : "sent") : undefined);
    if (!sent || failed) return [];
    return [...this.#readings].flatMap(([other, read]) => (read.content === content ? [other] : []));
  }

  /** A flush that sends clears the buffer when it is over: each that has sent has thrown away one content. */
  #claim(own: Content): boolean {
    const index = this.#unclaimed.indexOf(own);
    if (index === -1 && !(own.isGone && this.#unclaimed.length > 0)) return false;
    this.#unclaimed.splice(Math.max(index, 0), 1);
    return true;
  }

  #assigned(before: unknown, after: unknown, by: ObservedFlight | undefined): void {
    const held = recordsIn(this.#rule, before) ?? 0;
    const kept = recordsIn(this.#rule, after) ?? 0;
    // Put back, or put in order.
    if (kept > held || (kept === held && kept > 0)) return;
    if (kept > 0) this.#inParts = true;
    const content = this.#emptied(held - kept, by);
    if (by === undefined) setImmediate(() => content.detach()).unref();
  }

  /** Finds out whether the buffer was emptied in place since it was last looked at. */
  #look(by?: ObservedFlight): Content | undefined {
    const size = sizeOf(this.#rule, this.#owner[this.field]);
    const before = this.#size ?? 0;
    this.#size = size;
    if (size === undefined || size >= before) return undefined;
    if (size > 0) this.#inParts = true;
    return this.#emptied(before - size, by);
  }

  #emptied(records: number, by: ObservedFlight | undefined): Content {
    const content = this.#content;
    this.#content = new Content(this.#saw);
    this.#size = sizeOf(this.#rule, this.#owner[this.field]);
    const reading = by && this.#readings.get(by);
    if (reading !== undefined) reading.emptied = true;
    else this.#unclaimed.push(content);
    // Nobody has read the rest of one that is sent part by part.
    if (content.isRead || !this.#inParts) content.empty(records);
    return content;
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
