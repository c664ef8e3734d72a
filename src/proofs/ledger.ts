import type { Outcome } from "./proof.js";
import { recorder } from "./trace/recorder.js";

/** Characters of what cannot be read that are shown. */
const EXCERPT = 200;

/** The values that a scenario has recorded. Each has an identity, so that losses and repeats show. */
export class Ledger<Item> {
  readonly #ids: string[] = [];
  readonly #arrived: () => readonly Item[];
  readonly #idsIn: (item: Item) => readonly string[];

  /**
   * @param arrived what the sink has taken in by now: requests, lines, documents
   * @param idsIn the identities of the values in one of these, repeats included
   */
  constructor(arrived: () => readonly Item[], idsIn: (item: Item) => readonly string[]) {
    this.#arrived = arrived;
    this.#idsIn = idsIn;
    recorder()?.readItemsWith(idsIn as (item: unknown) => readonly string[]);
  }

  /** How many values were recorded. */
  get size(): number {
    return this.#ids.length;
  }

  /**
   * Notes a value that is recorded next.
   * @returns its identity
   */
  add(id: string): string {
    this.#ids.push(id);
    recorder()?.record(id);
    return id;
  }

  /** Counts what has arrived by now: the app's next line may be `process.exit()`. */
  count(): Outcome {
    const arrived = this.#arrived().flatMap((item) => this.#read(item));
    recorder()?.count(arrived);
    return { recorded: this.size, delivered: arrived.length, distinct: new Set(arrived).size };
  }

  #read(item: Item): readonly string[] {
    try {
      return this.#idsIn(item);
    } catch (cause) {
      const { body = item } = item as { body?: unknown };
      const text = typeof body === "string" ? body : JSON.stringify(body);
      throw new Error(`idsIn cannot read ${text.slice(0, EXCERPT)}: ${String(cause)}`, { cause });
    }
  }
}
