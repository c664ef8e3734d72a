import { queueMicrotask } from "../../timers.js";

/** The callbacks a flush without a promise has handed out: it has settled when each has been called. */
export class Callbacks {
  #outstanding = 0;
  #settlesFlight = false;

  /** @param settle ends the flight; called at most once */
  constructor(private readonly settle: () => void) {}

  /** Whether any has not been called yet. */
  get awaited(): boolean {
    return this.#outstanding > 0;
  }

  add(): void {
    this.#outstanding++;
  }

  called(): void {
    this.#outstanding--;
    // What the client does after its callback still belongs to the flush.
    if (this.#settlesFlight && this.#outstanding === 0) queueMicrotask(this.settle);
  }

  /** None of them will be called. */
  abandon(): void {
    this.#outstanding = 0;
    if (this.#settlesFlight) this.settle();
  }

  /** From here on the last call settles the flight: its own call has returned without a promise. */
  settleFlight(): void {
    this.#settlesFlight = true;
  }
}
