import { subscribe } from "node:diagnostics_channel";
import { createRequire } from "node:module";
import type { Worker } from "node:worker_threads";
import { preloadsIn, startOptions } from "../hooks/preload-options.js";
import { lateFileIfThere } from "../late-file.js";
import { log } from "../log.js";
import { setImmediate } from "../timers.js";
import { isOfNode } from "../worker.js";
import { announceThread } from "./announce.js";
import type { ChildProcess } from "./process.js";

const require = createRequire(import.meta.url);

/**
 * Notices worker threads and Node processes that this thread starts and that the preload does not reach, or the directory of
 * several processes, as they were made from a string, or given options or an environment of their own: one line for each kind.
 */
export function noticeUnreached(): void {
  announceThread();
  const all = preloadsIn(startOptions());
  const named = all.filter((specifier) => specifier.includes("flushguard"));
  const own = named.length > 0 ? named : all;
  if (own.length === 0) return; // The app has loaded it by itself.
  const told = new Set<string>();
  const tell = (line: string): void => {
    if (!told.has(line)) log.warn(line);
    told.add(line);
  };
  subscribe("worker_threads", (message) => {
    const { worker } = message as { worker: Worker };
    if (!isOfNode(worker)) judges()?.judgeThread(worker, tell);
  });
  subscribe("child_process", (message) => {
    const { process: child } = message as { process: ChildProcess };
    // It is about to be started.
    setImmediate(() => judges()?.judgeProcess(child, own, tell)).unref();
  });
}

function judges(): typeof import("./judges.js") | undefined {
  return lateFileIfThere(() => require("./judges.js") as typeof import("./judges.js"));
}
