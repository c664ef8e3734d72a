import { isWorker } from "../worker.js";

/** Name of the channel on which a thread says that it has the preload. */
export const CHANNEL = "flushguard.preloaded";

/** Says so of this one. The main thread has nobody to say it to, and `node:worker_threads`, which takes longer than all else here, may never be loaded there. */
export function announceThread(): void {
  if (!isWorker()) return;
  const channel = new BroadcastChannel(CHANNEL);
  channel.postMessage(process.getBuiltinModule("node:worker_threads").threadId);
  channel.close();
}
