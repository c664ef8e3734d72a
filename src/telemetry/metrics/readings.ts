import { type ChannelListener, subscribe, tracingChannel, unsubscribe } from "node:diagnostics_channel";
import { now } from "../../timers.js";
import type { FlushMessage, HazardMessage } from "../messages.js";

/** What the guard of one target amounts to now. */
export interface TargetReading {
  target: string;
  /** Record calls that wait. */
  held: number;
  /** Flushes that lost their lock because they did not settle in time. */
  timeouts: number;
  /** Classes that are guarded. */
  patched: number;
}

/** A flush that is over. */
export interface FlushReading {
  target: string;
  method: string;
  seconds: number;
  /** Name of the error that it threw or rejected with. */
  errorType: string | undefined;
}

/** One kind of metric system, given what there is to tell. */
export interface Exposition {
  /** The package whose copies in the app are wanted, and whether it has a build of ES modules. */
  readonly module: { readonly name: string; readonly esm: boolean };
  /** Takes the exports of each file of that package as the app loads it. */
  loaded(exports: unknown): void;
  /** Called now and then: the app may have set up, replaced or cleared what the metrics go to. */
  refresh(): void;
  /** Called before each flush, which may be the one that sends the metrics, and with each hazard. */
  beforeFlush?(): void;
  flushed(flush: FlushReading): void;
  /** Takes the metrics out of the app again. */
  stop(): void;
}

export interface HazardCount {
  target: string;
  hazard: string;
  count: number;
}

/** What has been told on the channels since `start`. */
export class Readings {
  readonly #counts = new Map<string, HazardCount>();
  readonly #begun = new WeakMap<FlushMessage, number>();
  readonly #tracing = tracingChannel<unknown, FlushMessage>("flushguard:flush");

  /**
   * @param targets gives what is counted elsewhere
   * @param begins is told before each flush, and of each hazard: where flushes are only observed there is nothing else
   * @param flushed takes each flush that is over
   */
  constructor(
    readonly targets: () => TargetReading[],
    private readonly begins: () => void,
    private readonly flushed: (flush: FlushReading) => void,
  ) {}

  get hazards(): Iterable<HazardCount> {
    return this.#counts.values();
  }

  start(): void {
    subscribe("flushguard:hazard", this.#onHazard);
    this.#tracing.subscribe(this.#onFlush);
  }

  stop(): void {
    unsubscribe("flushguard:hazard", this.#onHazard);
    this.#tracing.unsubscribe(this.#onFlush);
  }

  readonly #onHazard: ChannelListener = (message) => {
    const { target, hazard, count } = message as HazardMessage;
    const key = JSON.stringify([target, hazard]);
    const counted = this.#counts.get(key) ?? { target, hazard, count: 0 };
    counted.count += count;
    this.#counts.set(key, counted);
    this.begins();
  };

  readonly #onFlush = {
    start: (message: FlushMessage): void => {
      this.begins();
      this.#begun.set(message, now());
    },
    end: (message: FlushMessage): void => {
      if ("error" in message) this.#over(message);
    },
    asyncStart: (): void => {},
    asyncEnd: (message: FlushMessage): void => this.#over(message),
    error: (): void => {},
  };

  #over(message: FlushMessage): void {
    const begun = this.#begun.get(message);
    // It began before `start`.
    if (begun === undefined) return;
    const { target, method, error } = message;
    const errorType = "error" in message ? (error instanceof Error ? error.name : typeof error) : undefined;
    this.flushed({ target, method, seconds: (now() - begun) / 1000, errorType });
  }
}

/** Upper bounds of the histogram's buckets, in seconds. */
export const BUCKETS = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30];

/** What the metrics say of themselves. */
export const HELP = {
  averted:
    "Records kept out of a flush that was running, and calls put behind it; not all of them would have been lost",
  seen: "Records lost, repeated or stranded; 1 for a call whose records cannot be counted",
  duration: "Time from the call of a guarded flush until it has settled",
  timeouts: "Flushes that did not settle in time and lost their lock",
  held: "Record calls held back until a flush has settled",
  patched: "Classes of the target that are patched",
};
