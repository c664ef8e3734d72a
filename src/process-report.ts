import type { ChildProcess } from "node:child_process";
import { subscribe } from "node:diagnostics_channel";
import { renameSync, writeFileSync } from "node:fs";
import type { Debugger } from "node:inspector";
import { createRequire } from "node:module";
import { join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { Script } from "node:vm";
import { isMainThread, threadId, type Worker } from "node:worker_threads";
import { addProcessCallback } from "./process-events.js";
import type { Status } from "./status.js";
import { runtime } from "./this-process.js";
import { setInterval } from "./timers.js";
import { isOfNode } from "./worker.js";

/** What one thread of a process tells `flushguard doctor`. */
export interface ProcessReport {
  pid: number;
  /** 0 for the main thread. */
  threadId: number;
  /** Without the path of Node itself. */
  command: string[];
  cwd: string;
  node: string;
  /** The value of FLUSHGUARD. */
  mode: string | undefined;
  /** Lines about the configuration. */
  problems: readonly string[];
  status: Status;
  /** Where its prom-client's metrics live too. Absent: in its memory alone. */
  metricsDirectory?: string;
  /** What it has started, which may have been without the preload. */
  started: Started;
  /** Every file that was evaluated, once the thread ends. Absent while it runs and where it was killed. */
  scripts?: EvaluatedFile[];
}

/** Node processes and threads that a thread has started. */
export interface Started {
  processes: { pid: number /** With the path of Node. */; command: string[] }[];
  /** Ids. */
  threads: number[];
}

export interface EvaluatedFile {
  path: string;
  /** Whether as an ES module. */
  module: boolean;
  /** Whether before the app itself, by a preload. */
  earlier: boolean;
  /** Whether `require` has it. */
  cached: boolean;
}

/** An app that is killed has no last moment: this is how old what it told may be. */
const EVERY_MS = 500;

/** Name of a script that is compiled as the report begins, so that others are known to be earlier or later. */
const BEGIN = "flushguard:begin";

const require = createRequire(import.meta.url);

/**
 * Writes a report as long as this thread runs and when it ends, without keeping it from ending.
 * @param folder where the file goes, one for each thread
 */
export function reportTo(folder: string): void {
  const started = watchStarts();
  const begin = new Script("globalThis;", { filename: BEGIN });
  let written = "";
  const write = (more: Pick<ProcessReport, "scripts">) => {
    try {
      const text = JSON.stringify({ ...report(), started: started(), ...more });
      if (text === written) return;
      const file = join(folder, `${process.pid}-${threadId}`);
      writeFileSync(`${file}.part`, text);
      renameSync(`${file}.part`, `${file}.json`);
      written = text;
    } catch {
      // No leave to write there, or nobody waits for it any more.
    }
  };
  setInterval(write, EVERY_MS, {}).unref();
  addProcessCallback("exit", () => write({ scripts: scripts(begin) }));
  write({});
}

/** @returns tells what was started since */
function watchStarts(): () => Started {
  const processes: Started["processes"] = [];
  const threads: number[] = [];
  // It is published before it is known what is started.
  let latest: ChildProcess[] = [];
  subscribe("child_process", (message) => latest.push((message as { process: ChildProcess }).process));
  subscribe("worker_threads", (message) => {
    const { worker } = message as { worker: Worker };
    if (!isOfNode(worker)) threads.push(worker.threadId);
  });
  return () => {
    for (const { pid, spawnfile, spawnargs } of latest) {
      const isNode = spawnfile === process.execPath || /(?:^|[\\/])node(?:\.exe)?$/i.test(spawnfile);
      if (pid !== undefined && isNode) processes.push({ pid, command: spawnargs });
    }
    latest = [];
    return { processes, threads };
  };
}

function report(): Omit<ProcessReport, "started"> {
  const { config } = runtime();
  return {
    pid: process.pid,
    threadId,
    command: [...process.execArgv, ...process.argv.slice(1)],
    cwd: process.cwd(),
    node: process.version,
    mode: process.env.FLUSHGUARD,
    problems: config.problems,
    ...(config.multiprocess && { metricsDirectory: config.multiprocess.directory }),
    status: runtime().status(),
  };
}

/**
 * The number of the first script that is the app's own: what V8 has compiled before was loaded by a preload. Some versions
 * of Node load several at a time, so that of ours is no border between them.
 */
function beginOf(all: readonly Debugger.ScriptParsedEventDataType[]): number {
  const main = isMainThread && process.argv[1] ? pathToFileURL(process.argv[1]).href : BEGIN;
  return Number((all.find(({ url }) => url === main) ?? all.find(({ url }) => url === BEGIN))?.scriptId ?? 0);
}

/** From V8, the only one to know of ES modules that were evaluated before they could be hooked. No port is opened. */
function scripts(begin: Script): EvaluatedFile[] {
  const { Session } = require("node:inspector") as typeof import("node:inspector");
  const session = new Session();
  const all: Debugger.ScriptParsedEventDataType[] = [];
  session.connect();
  session.on("Debugger.scriptParsed", ({ params }) => all.push(params));
  session.post("Debugger.enable");
  session.disconnect();
  // V8 does not name what nothing refers to any more.
  begin.runInThisContext();
  const first = beginOf(all);
  const files = new Map<string, EvaluatedFile>();
  for (const { scriptId, url, isModule = false } of all) {
    if (!url.startsWith("file:")) continue;
    const path = fileURLToPath(url);
    files.set(path, { path, module: isModule, earlier: Number(scriptId) < first, cached: path in require.cache });
  }
  return [...files.values()];
}
