import { randomBytes } from "node:crypto";
import { readFileSync, readlinkSync } from "node:fs";
import { threadId } from "node:worker_threads";
import { timeOfDay } from "../../timers.js";
import { kernelLocks } from "./lock.js";
import { isForNow } from "./shortage.js";

/** Who writes a file. Process ids repeat: across threads, across containers and over time. */
export interface Identity {
  pid: number;
  /** When the process started: clock ticks since boot where /proc tells, else milliseconds since the epoch. */
  started: string;
  threadId: number;
  random: string;
  /** The pid namespace, in which alone the pid means this process. Empty where there are none. */
  namespace: string;
  /** Whether its file is locked for as long as it lives. */
  locked: boolean;
  /** Names of files that it had before, which somebody may bring back. */
  before?: readonly string[];
}

/** The identity of this thread, made anew at every call. */
export function newIdentity(): Identity {
  return {
    pid: process.pid,
    started: startOf(process.pid) ?? String(Math.round(timeOfDay() - process.uptime() * 1000)),
    threadId,
    random: randomBytes(6).toString("hex"),
    namespace: pidNamespace(),
    locked: kernelLocks() !== undefined,
  };
}

/**
 * @returns undefined where there is no such process, or nothing to tell
 * @throws where that cannot be asked now: nobody is taken for dead then
 */
export function startOf(pid: number): string | undefined {
  try {
    // The name of the process, in brackets, may hold blanks and brackets.
    const stat = readFileSync(`/proc/${pid}/stat`, "latin1");
    return stat.slice(stat.lastIndexOf(")") + 2).split(" ")[19];
  } catch (error) {
    if (isForNow(error)) throw error;
    return undefined;
  }
}

export function pidNamespace(): string {
  try {
    return readlinkSync("/proc/self/ns/pid");
  } catch {
    return "";
  }
}
