import type { BroadcastChannel as Channel } from "node:worker_threads";
import { isWorker } from "./worker.js";

/** Name of the channel on which a thread says that it has the preload. */
const CHANNEL = "flushguard.preloaded";

/** Says so of this one. The main thread has nobody to say it to, and `node:worker_threads`, which takes longer than all else here, may never be loaded there. */
export function announceThread(): void {
  if (!isWorker()) return;
  const channel = new BroadcastChannel(CHANNEL);
  channel.postMessage(process.getBuiltinModule("node:worker_threads").threadId);
  channel.close();
}

/** The threads that have said so since this listens. */
export class PreloadedThreads {
  readonly #ids = new Set<unknown>();
  #channel: Channel | undefined;

  /** Begins to, if it does not: to be called as a thread is made, which takes longer to start than this. Holds no process open. */
  listen(): void {
    if (this.#channel !== undefined) return;
    const channel: Channel = new BroadcastChannel(CHANNEL);
    channel.onmessage = (message) => this.#ids.add((message as { data: unknown }).data);
    channel.unref();
    this.#channel = channel;
  }

  /** @param answer takes whether a thread has said so by now, after what had come in */
  ask(id: number, answer: (preloaded: boolean) => void): void {
    setImmediate(() => answer(this.#ids.has(id))).unref();
  }
}
