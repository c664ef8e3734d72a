type ProcessEvent = "beforeExit" | "exit";
type Emit = typeof emitter.emit;

const emitter: NodeJS.EventEmitter = process;

/** What this package runs at an event of the process. */
interface Heard {
  /** Asked first: whether the event is kept from everybody. */
  holds: Set<() => boolean>;
  /** Before the app's listeners, and after them. */
  first: Set<() => void>;
  last: Set<() => void>;
}

const nobody = (): Heard => ({ holds: new Set(), first: new Set(), last: new Set() });
const heard: ReadonlyMap<unknown, Heard> = new Map([
  ["beforeExit", nobody()],
  ["exit", nobody()],
]);

let restore: (() => boolean) | undefined;

/** @param first whether before the app's listeners; after them otherwise */
export function addProcessListener(event: ProcessEvent, listener: () => void, first = false): void {
  listen();
  heard.get(event)?.[first ? "first" : "last"].add(listener);
}

export function removeProcessListener(event: ProcessEvent, listener: () => void): void {
  heard.get(event)?.first.delete(listener);
  heard.get(event)?.last.delete(listener);
  stop();
}

/**
 * Keeps an event from everybody for as long as something asks for it.
 * @returns takes it back
 */
export function holdProcessEvent(event: ProcessEvent, isHeld: () => boolean): () => void {
  listen();
  heard.get(event)?.holds.add(isHeld);
  return () => {
    heard.get(event)?.holds.delete(isHeld);
    stop();
  };
}

/**
 * Puts a `process.emit` in place, which Node looks up each time that it tells of an end: what this package hears there is no
 * listener that an app could count or remove.
 */
function listen(): void {
  restore ??= replaceEmit();
}

/** Takes it away, unless it is still needed or somebody has wrapped it. */
function stop(): void {
  const needed = [...heard.values()].some(({ holds, first, last }) => holds.size + first.size + last.size > 0);
  if (!needed && restore?.()) restore = undefined;
}

/** @returns the undo, which gives whether it is undone */
function replaceEmit(): (() => boolean) | undefined {
  const own = Object.getOwnPropertyDescriptor(process, "emit");
  if (own !== undefined && !(own.configurable && "value" in own)) return undefined;
  const inherited = Object.getPrototypeOf(process) as { emit: Emit };
  const { emit } = {
    emit(this: unknown, event: string | symbol, ...args: unknown[]): boolean {
      const original = own === undefined ? inherited.emit : (own.value as Emit);
      const ours = this === process ? heard.get(event) : undefined;
      if (ours === undefined) return Reflect.apply(original, this, [event, ...args]);
      for (const isHeld of ours.holds) if (isHeld()) return false;
      for (const listener of ours.first) listener();
      const isHeard = Reflect.apply(original, this, [event, ...args]);
      for (const listener of ours.last) listener();
      return isHeard;
    },
  };
  const described = { writable: true, configurable: true, enumerable: false, ...own, value: emit };
  Object.defineProperty(process, "emit", described);
  return () => {
    if (emitter.emit !== emit) return false;
    if (own === undefined) Reflect.deleteProperty(process, "emit");
    else Object.defineProperty(process, "emit", own);
    return true;
  };
}
