import { AsyncResource } from "node:async_hooks";
import type { Domain } from "node:domain";
import { isMainThread } from "node:worker_threads";
import { log } from "../log.js";

type Listener = (event: string | symbol, ...rest: unknown[]) => void;

/** @param tell lets the listeners of the process hear the signal; returns whether there are any */
type Signalled = (signal: NodeJS.Signals, tell: () => boolean) => void;

const emitter: NodeJS.EventEmitter = process;

type Emit = typeof emitter.emit;

/**
 * The two listeners with which Node opens a signal's handle for the first who listens to it and closes it after the last:
 * https://github.com/nodejs/node/blob/v22.12.0/lib/internal/process/signal.js. With ours in their places a handle can be ours, and
 * stay, without a listener that an app could count: signal-exit, for one, lets a process end only where nobody else listens.
 */
export class NodeSignals {
  readonly #kept = new Set<string | symbol>();
  /** The signals whose handle is ours: those that were listened to before have one of Node's. */
  readonly #ours = new Set<string | symbol>();
  #hooked: ReadonlySet<string | symbol> = new Set();
  #undo: (() => void)[] = [];
  /** What listeners hear by: the `process.emit`, in its context, that Node would have bound for the first of them. */
  readonly #heardBy = new Map<string | symbol, Emit>();
  /** In the context of our own start: one of a request, say, is not kept for as long as the process lives. */
  readonly #start: (event: string | symbol) => boolean;

  private constructor(
    private readonly start: Listener,
    private readonly close: Listener,
    signalled: Signalled,
  ) {
    const told = (signal: NodeJS.Signals, ...rest: unknown[]): boolean => {
      let isHeard = false;
      signalled(signal, () => {
        isHeard = this.isHeard(signal);
        // Without a listener Node would have no handle.
        if (isHeard) this.#heardBy.get(signal)?.(signal, ...rest);
        return isHeard;
      });
      return isHeard;
    };
    this.#start = AsyncResource.bind((event: string | symbol) =>
      // Node binds the `process.emit` that it finds now, unless the signal has a handle.
      standIn(
        "emit",
        told as Emit,
        () => this.#ours.add(event),
        () => start(event),
      ),
    );
  }

  /** @returns undefined where signals do not reach this thread, or Node has changed */
  static find(signalled: Signalled): NodeSignals | undefined {
    const start = listener("newListener", "startListeningIfSignal");
    const close = listener("removeListener", "stopListeningIfSignal");
    if (start !== undefined && close !== undefined) return new NodeSignals(start, close, signalled);
    if (isMainThread) log.warn("FLUSHGUARD_DRAIN: signals of this Node cannot be hooked; they end the process as ever");
    return undefined;
  }

  /** Lets every handle of these signals be ours that is open, or opened from here on. */
  hook(signals: readonly NodeJS.Signals[]): void {
    this.#hooked = new Set(signals);
    if (this.#undo.length > 0) return;
    const start: Listener = (event, ...rest) => this.#open(event, ...rest);
    const close: Listener = (event, ...rest) => this.#close(event, ...rest);
    this.#undo = [replace("newListener", this.start, start), replace("removeListener", this.close, close)];
    for (const signal of signals) if (emitter.listenerCount(signal) > 0) this.#takeOver(signal);
  }

  /**
   * Opens the handle of a signal and keeps it, whoever listens.
   * @returns whether it could: one that is not ours would keep the process from dying of the signal
   */
  keep(signal: NodeJS.Signals): boolean {
    if (!this.#ours.has(signal) && !this.#start(signal)) return false;
    this.#kept.add(signal);
    return true;
  }

  /** Whether a listener would hear the signal: none does that is added after `removeAllListeners()` has taken those of Node away. */
  isHeard(signal: NodeJS.Signals): boolean {
    return this.#heardBy.has(signal) && emitter.listenerCount(signal) > 0;
  }

  /** Nobody hears the signal any more: it does again what it does by default. */
  letGo(signal: NodeJS.Signals): void {
    this.#kept.clear();
    emitter.removeAllListeners(signal);
    this.close(signal);
  }

  /** Keeps no handle any more that nobody listens to. */
  release(): void {
    const kept = [...this.#kept];
    this.#kept.clear();
    for (const signal of kept) this.#close(signal);
  }

  unhook(): void {
    this.release();
    for (const undo of this.#undo.splice(0)) undo();
  }

  #open(event: string | symbol, ...rest: unknown[]): void {
    if (!this.#hooked.has(event)) {
      this.start(event, ...rest);
      return;
    }
    if (emitter.listenerCount(event) === 0) this.#hear(event);
    if (!this.#start(event)) this.start(event, ...rest);
  }

  #hear(event: string | symbol): void {
    const emit = AsyncResource.bind(emitter.emit, "SIGNALWRAP", emitter);
    const { domain } = process as { domain?: Domain | null };
    // A resource leaves its domain before the domain could hear what a listener throws.
    this.#heardBy.set(event, domain?.bind(emit) ?? emit);
  }

  #close(event: string | symbol, ...rest: unknown[]): void {
    if (emitter.listenerCount(event) === 0) this.#heardBy.delete(event);
    if (this.#kept.has(event) && this.#ours.has(event)) return;
    this.close(event, ...rest);
    if (emitter.listenerCount(event) > 0 || !this.#hooked.has(event)) return;
    this.#ours.delete(event);
    if (this.#kept.has(event)) this.#start(event);
  }

  /** Opens a handle of ours in the place of the one of whoever listens already. Node closes one that nobody listens to. */
  #takeOver(signal: NodeJS.Signals): void {
    const isClosed = standIn(
      "listenerCount",
      () => 0,
      () => {},
      () => this.close(signal),
    );
    if (!isClosed) return;
    this.#hear(signal);
    if (!this.#start(signal)) this.start(signal);
  }
}

/**
 * Puts a method in the place of one of the process for as long as a call runs.
 * @param seen called when it is looked up
 * @returns false where it cannot be, and the call is not made
 */
function standIn(
  name: "emit" | "listenerCount",
  method: Emit | (() => number | boolean),
  seen: () => void,
  call: () => void,
): boolean {
  const own = Object.getOwnPropertyDescriptor(process, name);
  const get = (): unknown => {
    seen();
    return method;
  };
  const standing = { get, configurable: true, enumerable: own?.enumerable ?? false };
  if (!Reflect.defineProperty(process, name, standing)) return false;
  try {
    call();
    return true;
  } finally {
    if (own === undefined) Reflect.deleteProperty(process, name);
    else Object.defineProperty(process, name, own);
  }
}

function listener(event: string, name: string): Listener | undefined {
  return emitter.listeners(event).find((found) => found.name === name) as Listener | undefined;
}

/** @returns the undo, which does nothing where somebody has taken ours away */
function replace(event: string, original: Listener, ours: Listener): () => void {
  Object.defineProperty(ours, "name", { value: original.name });
  Object.defineProperty(ours, "length", { value: original.length });
  exchange(event, original, ours);
  return () => {
    if (emitter.listeners(event).includes(ours)) exchange(event, ours, original);
  };
}

/** Without telling those that listen to what listeners there are. */
function exchange(event: string, from: Listener, to: Listener): void {
  // In this order, so that the event keeps its place among the names of events.
  const change = (): void => {
    emitter.on(event, to);
    emitter.removeListener(event, from);
  };
  const toNobody = (): boolean => false;
  if (!standIn("emit", toNobody, () => {}, change)) change();
}
