import { isHeard } from "../process-listeners.js";
import { setTimeout } from "../timers.js";

/** The first is before the app's own listeners hear that the loop has run out, the second after they have recorded more. */
const MOST_DRAINS = 2;
/** Milliseconds after which what still keeps the process alive is not waited for. */
const HELD_MS = 200;

const emitter: NodeJS.EventEmitter = process;

type Emit = typeof emitter.emit;

/**
 * Drains when the loop has run out. Node looks up `process.emit` each time it tells of that: one that is put there keeps the
 * event back until what is recorded has left. A listener could not: the app's would run a second time after it.
 */
export class BeforeExit {
  #drains = 0;
  #restore: (() => void) | undefined;
  #active = false;

  /**
   * @param isTouched whether there is something to drain
   * @param drain never rejects; gives whether all was in time
   */
  constructor(
    private readonly isTouched: () => boolean,
    private readonly drain: () => Promise<boolean>,
  ) {}

  arm(): void {
    this.#active = true;
    this.#restore ??= this.#replace();
  }

  stop(): void {
    this.#active = false;
    this.#restore?.();
  }

  #keepsBack(event: unknown): boolean {
    if (event !== "beforeExit" || !this.#active || this.#drains === MOST_DRAINS || !this.isTouched()) return false;
    this.#drains++;
    void this.drain().then((inTime) => {
      if (!inTime) goOn();
    });
    return true;
  }

  #replace(): () => void {
    const own = Object.getOwnPropertyDescriptor(process, "emit");
    if (own !== undefined && !(own.configurable && "value" in own)) return () => {};
    const keepsBack = (event: unknown): boolean => this.#keepsBack(event);
    const inherited = Object.getPrototypeOf(process) as { emit: Emit };
    const emit = {
      emit(this: unknown, ...args: Parameters<Emit>): boolean {
        if (keepsBack(args[0])) return false;
        return Reflect.apply(own === undefined ? inherited.emit : (own.value as Emit), this, args);
      },
    }.emit;
    Object.defineProperty(process, "emit", {
      writable: true,
      configurable: true,
      enumerable: false,
      ...own,
      value: emit,
    });
    return () => {
      if (emitter.emit !== emit) return;
      if (own === undefined) delete (process as { emit?: Emit }).emit;
      else Object.defineProperty(process, "emit", own);
      this.#restore = undefined;
    };
  }
}

/**
 * Does not let what waits for a server that does not answer keep the process alive: before the drain nothing did. The loop runs
 * out again, as only then does the process end with the code of a module that never settles; not every handle can be let go.
 */
function goOn(): void {
  const { _getActiveHandles } = process as { _getActiveHandles?: () => { unref?: () => void }[] };
  for (const handle of _getActiveHandles?.call(process) ?? []) handle.unref?.();
  if (!isHeard("beforeExit")) setTimeout(() => process.exit(), HELD_MS).unref();
}
