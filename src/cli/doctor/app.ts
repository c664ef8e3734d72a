import { spawn } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { constants, tmpdir } from "node:os";
import { join } from "node:path";
import type { ProcessReport } from "../../process-report.js";
import { UsageError } from "../usage-error.js";
import { type NodeProcess, NodeProcesses } from "./node-processes.js";
import { REGISTER } from "./register-url.js";

const UNSTARTED: Readonly<Record<string, string>> = {
  ENOENT: "there is no such program, or no such working directory",
  EACCES: "it may not be executed",
  ENOEXEC: "it is no program of this machine",
};

/** How an app ended, and what its threads told. */
export interface AppRun {
  /** Absent where a signal ended it. */
  exitCode?: number;
  signal?: NodeJS.Signals;
  pid: number;
  /** Of those that had the preload. */
  reports: ProcessReport[];
  /** Of Node's, as far as the system shows them. */
  processes: NodeProcess[];
  /** Whether it does. */
  areShown: boolean;
}

/** What a terminal sends to every process in it. */
const FROM_TERMINAL: readonly string[] = ["SIGINT", "SIGQUIT"];
const PASSED_ON = (["SIGINT", "SIGTERM", "SIGHUP", "SIGQUIT", "SIGUSR2"] as const).filter(
  (signal) => signal in constants.signals,
);

function reportsIn(folder: string): ProcessReport[] {
  const reports = readdirSync(folder).flatMap((file) => {
    if (!file.endsWith(".json")) return [];
    return [JSON.parse(readFileSync(join(folder, file), "utf8")) as ProcessReport];
  });
  return reports.sort((one, other) => one.pid - other.pid || one.threadId - other.threadId);
}

/** Before what else is preloaded, as it should be. */
function withPreload({ NODE_OPTIONS: others, ...env }: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  return { ...env, NODE_OPTIONS: [`--import=${REGISTER}`, others].filter(Boolean).join(" ") };
}

/**
 * Starts an app as the command says and waits for its end. Its input, output and signals are those of this process.
 * @param addPreload whether it gets the preload by NODE_OPTIONS, which its children inherit
 * @throws {UsageError} when it cannot be started
 */
export async function runApp([file = "", ...args]: readonly string[], addPreload: boolean): Promise<AppRun> {
  const folder = mkdtempSync(join(tmpdir(), "flushguard-doctor-"));
  const env = addPreload ? withPreload(process.env) : process.env;
  const child = spawn(file, args, { stdio: "inherit", env: { ...env, FLUSHGUARD_DOCTOR: folder } });
  const passOn = (signal: NodeJS.Signals) => {
    if (!(process.stdin.isTTY && FROM_TERMINAL.includes(signal))) child.kill(signal);
  };
  for (const signal of PASSED_ON) process.on(signal, passOn);
  const processes = new NodeProcesses(child.pid ?? 0, `FLUSHGUARD_DOCTOR=${folder}`);
  try {
    return await new Promise((resolve, reject) => {
      child.on("error", ({ code = "", message }: NodeJS.ErrnoException) =>
        reject(new UsageError(`could not start ${JSON.stringify(file)}: ${UNSTARTED[code] ?? message}`)),
      );
      child.on("exit", (exitCode, signal) => {
        const ending = signal === null ? { exitCode: exitCode ?? 0 } : { signal };
        const { areShown } = processes;
        resolve({
          ...ending,
          pid: child.pid ?? 0,
          reports: reportsIn(folder),
          processes: processes.stop(),
          areShown,
        });
      });
    });
  } finally {
    processes.stop();
    for (const signal of PASSED_ON) process.off(signal, passOn);
    rmSync(folder, { recursive: true, force: true });
  }
}
