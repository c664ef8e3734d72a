import { subscribe } from "node:diagnostics_channel";
import { readFileSync } from "node:fs";
import { basename } from "node:path";
import type { Worker } from "node:worker_threads";
import { preloadsIn, startOptions } from "./hooks/preload-options.js";
import { log } from "./log.js";
import { announceThread, PreloadedThreads } from "./preloaded-threads.js";

/** Worker threads have it whatever their environment is. */
const DIRECTORY = "FLUSHGUARD_MULTIPROCESS_DIR";
/** A preload comes in the first turns of an event loop, which on a busy machine take their time. */
const TURNING_MS = 5000;

interface ChildProcess {
  pid?: number;
  spawnfile?: string;
  spawnargs?: readonly string[];
}

/**
 * Notices worker threads and Node processes that this thread starts and that the preload does not reach, or the directory of
 * several processes, as they were made from a string, or given options or an environment of their own: one line for each kind.
 */
export function noticeUnreached(): void {
  announceThread();
  const own = preloadsToFind();
  if (own.length === 0) return; // The app has loaded it by itself.
  const preloaded = new PreloadedThreads();
  const told = new Set<string>();
  const tell = (line: string): void => {
    if (told.has(line)) return;
    told.add(line);
    log.warn(line);
  };
  subscribe("worker_threads", (message) => {
    const { worker } = message as { worker: Worker };
    preloaded.listen();
    judgeThread(worker, worker.threadId, preloaded, () => tell(THREAD));
  });
  subscribe("child_process", (message) => {
    const { process: child } = message as { process: ChildProcess };
    // It is about to be started.
    setImmediate(() => {
      const words = isNode(child) ? wordsOf(child) : undefined;
      if (words === undefined) return;
      if (!own.some((preload) => words.includes(preload))) tell(PROCESS);
      else if (process.env[DIRECTORY] && !words.includes(DIRECTORY)) tell(APART);
    }).unref();
  });
}

/** Node gives a worker thread made from a string no `--import`; which of the three a thread is, it does not tell. */
const THREAD =
  "a worker thread was started without the preload, from a string (eval: true) or with options or an environment of its own: what " +
  "it records is not guarded. Start with --require flushguard/register: it reaches threads made from a string, in NODE_OPTIONS " +
  "also those with an execArgv of their own, on the command line also those with an env of their own";

const PROCESS =
  "a Node process was started without the preload, with options or an environment of its own: what it records is not guarded. " +
  '"npx flushguard doctor" prints what to set NODE_OPTIONS to';

const APART =
  `a Node process was started without ${DIRECTORY}, with an environment of its own: its metrics are missing in the totals. ` +
  "Start it with the variables of this process too: env: { ...process.env }";

function preloadsToFind(): string[] {
  const all = preloadsIn(startOptions());
  const named = all.filter((specifier) => specifier.includes("flushguard"));
  return named.length > 0 ? named : all;
}

function judgeThread(worker: Worker, id: number, preloaded: PreloadedThreads, tell: () => void): void {
  setTimeout(() => {
    if (worker.threadId !== id) return; // It has ended.
    const { active, idle } = worker.performance.eventLoopUtilization();
    if (active + idle < TURNING_MS) judgeThread(worker, id, preloaded, tell);
    else preloaded.ask(id, (isPreloaded) => isPreloaded || tell());
  }, TURNING_MS).unref();
}

function isNode({ spawnfile = "" }: ChildProcess): boolean {
  return spawnfile === process.execPath || /^node(?:\.exe)?$/.test(basename(spawnfile));
}

/** The options that a process was started with, and the names of our variables; undefined where the system does not tell. */
function wordsOf({ pid, spawnargs = [] }: ChildProcess): string | undefined {
  try {
    const variables = readFileSync(`/proc/${pid}/environ`, "utf8").split("\0");
    // pm2 has what the app is to be given in one of its own.
    const ours = variables.filter((variable) => variable.startsWith("NODE_OPTIONS=") || variable.includes(DIRECTORY));
    return [...spawnargs, ...ours].join(" ");
  } catch {
    return undefined;
  }
}
