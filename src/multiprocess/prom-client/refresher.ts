import { clearInterval, now, setInterval } from "../../timers.js";
import { isOwnMark, lastMark } from "../store/mark.js";
import type { Adopter } from "./adopter.js";

/** Milliseconds between two looks at whether somebody has scraped. */
const LOOK_EVERY_MS = 1000;
/** Milliseconds after which the callbacks are called all the same: a reader may not be allowed to leave its mark. */
const AT_LEAST_EVERY_MS = 15_000;

/**
 * Calls the `collect` callbacks of metrics, default metrics among them, which the client only calls when it is scraped
 * itself: here another process may have been. So what they set is as old as the scrape before. A scrape of its own has called
 * them already.
 */
export class Refresher {
  readonly #directory: string;
  readonly #adopter: Adopter;
  #timer: NodeJS.Timeout | undefined;
  #scrapedAt = 0;
  #running = false;

  constructor(directory: string, adopter: Adopter) {
    this.#directory = directory;
    this.#adopter = adopter;
  }

  start(): void {
    this.#timer ??= setInterval(() => this.#look(), LOOK_EVERY_MS).unref();
  }

  stop(): void {
    clearInterval(this.#timer);
    this.#timer = undefined;
  }

  #look(): void {
    const scrapedAt = lastMark(this.#directory);
    const isDue = now() - this.#adopter.calledAtMs >= AT_LEAST_EVERY_MS;
    // One that never ends must not keep the others from being called.
    if (!isDue && (this.#running || scrapedAt === this.#scrapedAt)) return;
    this.#scrapedAt = scrapedAt;
    if (!isDue && isOwnMark(scrapedAt)) return;
    this.#running = true;
    void this.#adopter.callback().then(() => {
      this.#running = false;
    });
  }
}
