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
    const records = this.#records;
    this.#content.open();
    this.#readings.set(flight, { content: this.#content, records, mark: this.#mark, emptied: false });
    return records;
  }

  /** A flush that has not read the buffer yet sends also what has just been recorded. */
  recorded(): void {
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
    const content = this.#content;
    this.#content = new Content(this.#saw);
    const reading = by && this.#readings.get(by);
    if (reading !== undefined) reading.emptied = true;
    else this.#unclaimed.push(content);
    content.empty(held - kept);
  }

  get #records(): number {
    return recordsIn(this.#rule, this.#owner[this.field]) ?? 0;
  }

  get #mark(): unknown {
    return typeof this.#rule === "object" ? this.#rule.readMark?.(this.#owner[this.field] as never) : undefined;
  }
}
