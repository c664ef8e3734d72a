import { holdProcessEvent } from "../process-events.js";
import { setTimeout } from "../timers.js";
import { isToldByNode } from "./told-by-node.js";

/** The first is before the app's own listeners hear that the loop has run out, the second after they have recorded more. */
const MOST_DRAINS = 2;
/** Milliseconds after which what still keeps the process alive is not waited for. */
const HELD_MS = 200;

/**
 * Drains when the loop has run out, and keeps that from the app's listeners until what is recorded has left. A listener could
 * not: the app's would run a second time after it.
 */
export class BeforeExit {
  #drains = 0;
  #stop: (() => void) | undefined;

  /**
   * @param isTouched whether there is something to drain
   * @param drain never rejects; gives whether all was in time
   */
  constructor(
    private readonly isTouched: () => boolean,
    private readonly drain: () => Promise<boolean>,
  ) {}

  start(): void {
    this.#stop ??= holdProcessEvent(
      "beforeExit",
      (emit, args) => this.isTouched() && isToldByNode(emit, args) && this.#drained(),
    );
  }

  stop(): void {
    this.#stop?.();
    this.#stop = undefined;
  }

  /** @returns whether it drains */
  #drained(): boolean {
    if (this.#drains === MOST_DRAINS) return false;
    this.#drains++;
    void this.drain().then((inTime) => {
      if (!inTime) goOn();
    });
    return true;
  }
}

/**
 * Does not let what waits for a server that does not answer keep the process alive: before the drain nothing did. The loop runs
 * out again, as only then does the process end with the code of a module that never settles; not every handle can be let go.
 */
function goOn(): void {
  const { _getActiveHandles } = process as { _getActiveHandles?: () => { unref?: () => void }[] };
  for (const handle of _getActiveHandles?.call(process) ?? []) handle.unref?.();
  if (process.listenerCount("beforeExit") === 0) setTimeout(() => process.exit(), HELD_MS).unref();
}
