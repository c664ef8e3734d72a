import { renameSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { threadId } from "node:worker_threads";
import { addProcessListener } from "./process-listeners.js";
import type { Status } from "./status.js";
import { runtime } from "./this-process.js";

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
  /** Every file that was evaluated, once the thread ends. Absent while it runs and where it was killed. */
  scripts?: EvaluatedFile[];
}

export interface EvaluatedFile {
  path: string;
  /** Whether as an ES module. */
  module: boolean;
}

/** An app that is killed has no last moment: this is how old what it told may be. */
const EVERY_MS = 500;

const require = createRequire(import.meta.url);

/**
 * Writes a report as long as this thread runs and when it ends, without keeping it from ending.
 * @param folder where the file goes, one for each thread
 */
export function reportTo(folder: string): void {
  let written = "";
  const write = (more: Pick<ProcessReport, "scripts">) => {
    try {
      const text = JSON.stringify({ ...report(), ...more });
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
  addProcessListener("exit", () => write({ scripts: scripts() }));
  write({});
}

function report(): ProcessReport {
  const { config } = runtime();
  return {
    pid: process.pid,
    threadId,
    command: [...process.execArgv, ...process.argv.slice(1)],
    cwd: process.cwd(),
    node: process.version,
    mode: process.env.FLUSHGUARD,
    problems: config.problems,
    status: runtime().status(),
  };
}

/** From V8, the only one to know of ES modules that were evaluated before they could be hooked. No port is opened. */
function scripts(): EvaluatedFile[] {
  const { Session } = require("node:inspector") as typeof import("node:inspector");
  const session = new Session();
  const files = new Map<string, boolean>();
  session.connect();
  session.on("Debugger.scriptParsed", ({ params: { url, isModule = false } }) => {
    if (url.startsWith("file:")) files.set(fileURLToPath(url), isModule);
  });
  session.post("Debugger.enable");
  session.disconnect();
  return [...files].map(([path, module]) => ({ path, module }));
}
