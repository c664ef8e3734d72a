import { BroadcastChannel, isMainThread, threadId, type Worker } from "node:worker_threads";
import { addProcessCallback, removeProcessCallback } from "../process-events.js";
import { clearInterval, setInterval } from "../timers.js";

const NAME = "flushguard:drain";
/** Milliseconds between two looks at which threads are still awaited. */
const TURN_MS = 5;

/** What the main thread asks all others for, and what one of them tells. */
type Message = { asks: "who has clients" | "drain" } | { tells: "has clients" | "drained" | "ends"; thread: number };

type Channel = Omit<BroadcastChannel, "onmessage"> & { onmessage: (event: { data: Message }) => void };

/** @returns one that does not keep the loop alive */
function openChannel(hear: (message: Message) => void): Channel {
  const channel = new BroadcastChannel(NAME) as Channel;
  channel.onmessage = ({ data }) => hear(data);
  channel.unref();
  return channel;
}

/** The drains of worker threads, where signals do not reach: the main thread asks for them, and waits. */
export class Threads {
  #channel: Channel | undefined;
  readonly #workers = new Map<number, WeakRef<Worker>>();
  readonly #withClients = new Set<number>();
  readonly #awaited = new Set<number>();
  /** Whether one has told of clients since the last drain. */
  isTouched = false;
  readonly #onWorker = (worker: unknown): void => this.#opened(worker as Worker);

  /** @param told called when a thread has its first client */
  constructor(private readonly told: () => void) {}

  start(): void {
    if (isMainThread) addProcessCallback("worker", this.#onWorker);
  }

  stop(): void {
    removeProcessCallback("worker", this.#onWorker);
    this.#channel?.close();
    this.#channel = undefined;
  }

  /**
   * Asks all that have clients, and waits until they have drained or are gone.
   * @param limitMs milliseconds of loop time
   * @returns how many have not drained in time
   */
  drain(limitMs: number): Promise<number> {
    this.isTouched = false;
    for (const thread of this.#withClients) this.#awaited.add(thread);
    if (this.#awaited.size === 0) return Promise.resolve(0);
    this.#ask("drain");
    let left = limitMs;
    return new Promise((resolve) => {
      const timer = setInterval(() => {
        left -= TURN_MS;
        for (const thread of this.#awaited) if (this.#isGone(thread)) this.#awaited.delete(thread);
        if (left > 0 && this.#awaited.size > 0) return;
        clearInterval(timer);
        resolve(this.#awaited.size);
      }, TURN_MS);
    });
  }

  /** Only from the first thread on is there anybody to hear. */
  #opened(worker: Worker): void {
    for (const thread of this.#workers.keys()) if (this.#isGone(thread)) this.#workers.delete(thread);
    this.#workers.set(worker.threadId, new WeakRef(worker));
    if (this.#channel !== undefined) return;
    this.#channel = openChannel((message) => this.#hear(message));
    this.#ask("who has clients");
  }

  #ask(asks: "who has clients" | "drain"): void {
    this.#channel?.postMessage({ asks } satisfies Message);
  }

  #hear(message: Message): void {
    if (!("tells" in message)) return;
    const { tells, thread } = message;
    if (tells === "has clients") {
      this.#withClients.add(thread);
      this.isTouched = true;
      this.told();
      return;
    }
    this.#awaited.delete(thread);
    if (tells === "ends") this.#withClients.delete(thread);
  }

  /** One that was terminated tells nothing any more. */
  #isGone(thread: number): boolean {
    const worker = this.#workers.get(thread);
    if (worker === undefined || (worker.deref()?.threadId ?? -1) !== -1) return false;
    this.#withClients.delete(thread);
    return true;
  }
}

/** A worker thread, which drains when the main thread asks for it. */
export class DrainedThread {
  #channel: Channel | undefined;
  readonly #onExit = (): void => this.#tell("ends");

  /** @param drain never rejects */
  constructor(private readonly drain: () => Promise<unknown>) {}

  /** From its first client on it is asked. */
  start(): void {
    if (this.#channel !== undefined) return;
    addProcessCallback("exit", this.#onExit);
    this.#channel = openChannel((message) => {
      if (!("asks" in message)) return;
      if (message.asks === "drain") void this.drain().then(() => this.#tell("drained"));
      else this.#tell("has clients");
    });
    this.#tell("has clients");
  }

  stop(): void {
    removeProcessCallback("exit", this.#onExit);
    this.#channel?.close();
    this.#channel = undefined;
  }

  #tell(tells: "has clients" | "drained" | "ends"): void {
    this.#channel?.postMessage({ tells, thread: threadId } satisfies Message);
  }
}
