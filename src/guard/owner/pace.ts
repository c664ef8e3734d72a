import { now, setTimeout } from "../../timers.js";

/** Milliseconds that a portion may take, with what its calls leave to promises and timers. */
const PORTION_MS = 5;
/** Milliseconds and calls of the first portion: what its calls leave for later is not known yet, and may be many times as much. */
const FIRST_MS = 1;
const FIRST_CALLS = 256;
/** Waiting calls are made in about as many portions, or flushes would wait for too long. */
const MOST_PORTIONS = 128;
/** Milliseconds between two portions: what the calls leave to timers comes first. */
const REST_MS = 1;
/** Calls made for each that has come meanwhile, at least: or records might come faster than they are made for ever. */
const MORE = 1.25;

/** How many of the calls that wait are made in one turn of the loop, by what those before have cost. */
export class Pace {
  #begun = 0;
  #made = 0;
  #left = 0;

  /**
   * Begins a portion.
   * @param waiting how many calls wait
   * @returns asked before each call: whether the rest is for later
   */
  begin(waiting: number): () => boolean {
    const begun = now();
    const isFirst = this.#made === 0;
    const least = isFirst ? 1 : Math.max(1, MORE * (waiting - this.#left), waiting / MOST_PORTIONS);
    const took = Math.max(1, begun - this.#begun - REST_MS);
    const change = Math.min(2, Math.max(0.25, PORTION_MS / took));
    const most = isFirst ? FIRST_CALLS : this.#made * change;
    const until = begun + (isFirst ? FIRST_MS : PORTION_MS);
    this.#begun = begun;
    this.#made = 0;
    this.#left = waiting;
    return () => {
      const isOver = this.#made >= least && (this.#made >= most || now() >= until);
      if (!isOver) {
        this.#made++;
        this.#left--;
      }
      return isOver;
    };
  }
}

/** @param goOn called when the loop has had time for others, for the next portion */
export function rest(goOn: () => void): void {
  setTimeout(goOn, REST_MS);
}
