import { AsyncResource } from "node:async_hooks";
import { constants } from "node:os";
import type { DrainTrigger } from "../config/index.js";
import { log } from "../log.js";
import { setTimeout } from "../timers.js";
import { NodeSignals } from "./node-signals.js";
import { takeOwnSignals } from "./own-signals.js";

/** Milliseconds after which a signal that does not kill, as in the first process of a container, becomes an exit. */
const SURVIVED_MS = 200;

/** Drains before the process dies of a signal. */
export class Signals {
  #node: NodeSignals | undefined;
  #names: readonly NodeJS.Signals[] = [];
  #drains = false;
  /** The one that ends the process. */
  #end: NodeJS.Signals | undefined;
  #giveBack: (() => void) | undefined;
  readonly #drain: () => Promise<unknown>;

  /** @param drain never rejects; what it calls is not in the context of a listener */
  constructor(drain: () => Promise<unknown>) {
    this.#drain = AsyncResource.bind(drain);
  }

  /**
   * From here on those of the app's listeners that are added later are heard of. Until `arm` the process dies of its signals as
   * it would, so that a script that does not let the loop turn can still be interrupted.
   */
  prepare(triggers: readonly DrainTrigger[]): void {
    const names = triggers.filter((trigger): trigger is DrainTrigger & NodeJS.Signals => trigger.startsWith("SIG"));
    if (names.length === 0) return;
    this.#node ??= NodeSignals.find((signal, emit) => this.#signalled(signal, emit));
    if (this.#node === undefined) return;
    this.#names = names;
    this.#drains = true;
    this.#node.hook(names);
  }

  arm(): void {
    if (!this.#drains) return;
    this.#giveBack ??= takeOwnSignals((number) => this.#sent(number));
    if (this.#names.every((name) => this.#node?.keep(name))) return;
    this.stop();
    log.warn("FLUSHGUARD_DRAIN: process.emit cannot be replaced; signals end the process as ever");
  }

  /** The loop turns no more: a signal that a listener of the exit sends to its own process ends it, as ever. */
  exiting(): void {
    this.#drains = false;
    this.#node?.release();
  }

  stop(): void {
    this.#drains = false;
    this.#giveBack?.();
    this.#giveBack = undefined;
    this.#node?.unhook();
  }

  /** @returns whether the process is to end by it, when it is drained */
  #sent(number: number): boolean {
    const signal = this.#names.find((name) => constants.signals[name] === number);
    if (!this.#drains || signal === undefined || this.#node?.isHeard(signal)) return false;
    this.#told(signal, false);
    return true;
  }

  #signalled(signal: NodeJS.Signals, tell: () => boolean): void {
    let isHeard = true;
    try {
      isHeard = tell();
    } finally {
      this.#told(signal, isHeard);
    }
  }

  #told(signal: NodeJS.Signals, isHeard: boolean): void {
    if (!this.#drains) return;
    // Libraries that listen send it again when they are done, and nobody hears that one: it is the first that ends the process.
    if (isHeard) void this.#drain();
    else if (this.#end !== undefined) this.#die(this.#end);
    else {
      this.#end = signal;
      void this.#drain().then(() => this.#die(signal));
    }
  }

  #die(signal: NodeJS.Signals): void {
    this.#drains = false;
    this.#node?.letGo(signal);
    log.debug(`drained; ends by ${signal}`);
    process.kill(process.pid, signal);
    setTimeout(() => process.exit(128 + constants.signals[signal]), SURVIVED_MS);
  }
}
