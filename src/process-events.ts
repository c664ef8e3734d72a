import { log } from "./log.js";

type ProcessEvent = "beforeExit" | "exit" | "worker";
type Callback = (...args: unknown[]) => void;
type Emit = typeof emitter.emit;
/** @param emit by which the event is told, with these arguments */
type IsHeld = (emit: Emit, args: readonly unknown[]) => boolean;

const emitter: NodeJS.EventEmitter = process;

/** What this package runs at an event of the process. */
interface Heard {
  /** Asked first: whether the event is kept from everybody. */
  holds: Set<IsHeld>;
  /** Before the app's listeners, and after them. */
  first: Set<Callback>;
  last: Set<Callback>;
}

const nobody = (): Heard => ({ holds: new Set(), first: new Set(), last: new Set() });
const heard: ReadonlyMap<unknown, Heard> = new Map([
  ["beforeExit", nobody()],
  ["exit", nobody()],
  ["worker", nobody()],
]);

/** An event of nobody, by which it shows whether ours is called. */
const PROBE = Symbol("flushguard");

let restore: (() => boolean) | undefined;
/** The `process.emit` by which ours is known to be called. */
let reaching: Emit | undefined;
/** What a probe wants to know where it has come to ours. */
let probed: ((emit: Emit) => void) | undefined;
/** The one of ours that tells of an event: another that it comes to below that only passes it on. */
let telling: Emit | undefined;

/** @param first whether before the app's listeners; after them otherwise */
export function addProcessCallback(event: ProcessEvent, callback: Callback, first = false): void {
  hear();
  heard.get(event)?.[first ? "first" : "last"].add(callback);
}

export function removeProcessCallback(event: ProcessEvent, callback: Callback): void {
  heard.get(event)?.first.delete(callback);
  heard.get(event)?.last.delete(callback);
  stop();
}

/**
 * Keeps an event from everybody for as long as something asks for it.
 * @returns takes it back
 */
export function holdProcessEvent(event: ProcessEvent, isHeld: IsHeld): () => void {
  hear();
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
function hear(): void {
  if (restore !== undefined) return;
  const undo = replaceEmit();
  if (undo === undefined) log.info("process.emit cannot be replaced, so that the end of this process is not heard of");
  restore = undo ?? (() => false);
  reaching = emitter.emit;
}

/**
 * Puts it in place again where others have replaced it by one that does not call it. One that keeps what it found as it was loaded
 * does, at its first hook and after its last (https://github.com/tapjs/signal-exit/blob/v3.0.7/index.js).
 */
export function hearOn(): void {
  if (restore === undefined || emitter.emit === reaching) return;
  let isReached = false;
  try {
    probeEmit(() => (isReached = true));
  } catch {
    // What another makes of an event that it does not know is not an error of the app's.
    return;
  }
  if (!isReached) restore = replaceEmit() ?? restore;
  reaching = emitter.emit;
}

/**
 * Tells the `process.emit` that there is now of an event that it does not know.
 * @param reached called where that comes to ours
 */
export function probeEmit(reached: (emit: Emit) => void): void {
  probed = reached;
  emitter.emit(PROBE);
}

/** Takes it away, unless it is still needed or somebody has wrapped it. */
function stop(): void {
  const needed = [...heard.values()].some(({ holds, first, last }) => holds.size + first.size + last.size > 0);
  if (!needed && restore?.()) restore = undefined;
}

/** @returns the undo, which gives whether it is undone */
function replaceEmit(): (() => boolean) | undefined {
  const own = Object.getOwnPropertyDescriptor(process, "emit");
  if (own !== undefined && !("value" in own)) return undefined;
  const inherited = Object.getPrototypeOf(process) as { emit: Emit };
  const { emit } = {
    emit(this: unknown, event: string | symbol, ...args: unknown[]): boolean {
      if (event === PROBE) {
        probed?.(emit);
        return false;
      }
      const original = own === undefined ? inherited.emit : (own.value as Emit);
      const ours = this === process && (telling ?? emit) === emit ? heard.get(event) : undefined;
      if (ours === undefined) return Reflect.apply(original, this, [event, ...args]);
      for (const isHeld of ours.holds) if (isHeld(emit, args)) return false;
      for (const callback of ours.first) callback(...args);
      const outer = telling;
      telling = emit;
      try {
        const isHeard = Reflect.apply(original, this, [event, ...args]);
        for (const callback of ours.last) callback(...args);
        return isHeard;
      } finally {
        telling = outer;
      }
    },
  };
  const described = { writable: true, configurable: true, enumerable: false, ...own, value: emit };
  if (!Reflect.defineProperty(process, "emit", described)) return undefined;
  return () => {
    if (emitter.emit !== emit) return false;
    if (own === undefined) Reflect.deleteProperty(process, "emit");
    else Object.defineProperty(process, "emit", own);
    return true;
  };
}
