import type { BroadcastChannel as Channel, MessagePort, Worker } from "node:worker_threads";
import { setTimeout } from "../timers.js";
import { CHANNEL } from "./announce.js";
import { makeRoom } from "./listener-room.js";

/** Node gives a worker thread made from a string no `--import`; which of the three a thread is, it does not tell. */
const LINE =
  "a worker thread was started without the preload, from a string (eval: true) or with options or an environment of its own: what " +
  "it records is not guarded. Start with --require flushguard/register: it reaches threads made from a string, in NODE_OPTIONS " +
  "also those with an execArgv of their own, on the command line also those with an env of their own";

/** A preload comes in the first turns of an event loop, which on a busy machine take their time. */
const LOOKS = 5;
/** Between two looks. Where the process or the machine stands still, however long, that is one of them, and no preload came in it. */
const LOOK_MS = 1000;
/** What a thread ends with that was terminated or has failed, it may be before its preload came. Terminated before all else, 0. */
const BROKEN_OFF = 1;

/** The ids of the threads that have said that they have the preload. */
const preloaded = new Set<unknown>();
let channel: Channel | undefined;

/**
 * Tells of a thread when it is sure to have run without the preload: when it has said something or ended by itself, or its event
 * loop has turned for long. Adds at most one listener to an event, and makes room for it. To be called as the thread is made, which takes longer to start than this.
 * Holds no process open.
 */
export function judgeThread(worker: Worker, tell: (line: string) => void): void {
  listen();
  makeRoom(worker, () => 1);
  const id = worker.threadId;
  const judge = () => isPreloaded(id) || tell(LINE);
  let ran = false;
  worker.once("online", () => {
    ran = true;
  });
  // Its preloads come before what it says, and their word is here by then.
  worker.once("message", judge);
  worker.once("exit", (code) => ran && code !== BROKEN_OFF && judge());
  lookLater(worker, judge);
}

function listen(): void {
  if (channel !== undefined) return;
  channel = new BroadcastChannel(CHANNEL) as Channel;
  channel.onmessage = (message) => preloaded.add((message as { data: unknown }).data);
  channel.unref();
}

/** After what has come in by now: the process may not live to see its event. */
function isPreloaded(id: number): boolean {
  const { receiveMessageOnPort } = process.getBuiltinModule("node:worker_threads");
  // Node takes a channel too, which its types do not know.
  const port = channel as unknown as MessagePort;
  for (let next = receiveMessageOnPort(port); next !== undefined; next = receiveMessageOnPort(port)) {
    preloaded.add(next.message);
  }
  return preloaded.has(id);
}

function lookLater(worker: Worker, judge: () => void, looks = LOOKS): void {
  const id = worker.threadId;
  const before = turnedMs(worker);
  setTimeout(() => {
    if (worker.threadId !== id) return; // It has ended.
    const left = turnedMs(worker) - before < LOOK_MS / 2 ? looks : looks - 1;
    if (left === 0) judge();
    else lookLater(worker, judge, left);
  }, LOOK_MS).unref();
}

/** For how long the event loop of a thread has turned. */
function turnedMs(worker: Worker): number {
  const { active, idle } = worker.performance.eventLoopUtilization();
  return active + idle;
}
