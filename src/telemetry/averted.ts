import { subscribe, unsubscribe } from "node:diagnostics_channel";
import { log } from "../log.js";
import { addProcessCallback, removeProcessCallback } from "../process-events.js";
import { HazardCounts } from "./hazard-counts.js";
import type { HazardMessage } from "./messages.js";

/** Tells on one line, as the process ends, of the hazards that the guard has averted. */
export class Averted {
  #counts = new HazardCounts();
  readonly #onHazard = (message: unknown): void => {
    const { target, hazard, count } = message as HazardMessage;
    this.#counts.add(target, hazard, count);
  };
  readonly #tell = (): void => {
    const all = String(this.#counts);
    this.#counts = new HazardCounts();
    if (all !== "") log.info(`averted, though not all of it would have been lost: ${all}`);
  };

  start(): void {
    subscribe("flushguard:hazard", this.#onHazard);
    addProcessCallback("exit", this.#tell);
  }

  /** Tells at once. */
  stop(): void {
    unsubscribe("flushguard:hazard", this.#onHazard);
    removeProcessCallback("exit", this.#tell);
    this.#tell();
  }
}
