import { spawn } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { constants, tmpdir } from "node:os";
import { join } from "node:path";
import type { ProcessReport } from "../../process-report.js";
import { UsageError } from "../usage-error.js";
import { REGISTER } from "./register-url.js";

/** How an app ended, and what its threads told. */
export interface AppRun {
  /** Absent where a signal ended it. */
  exitCode?: number;
  signal?: NodeJS.Signals;
  reports: ProcessReport[];
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

/**
 * Starts an app with the preload, which its children inherit, and waits for its end. Its input, output and signals are
 * those of this process.
 * @throws {UsageError} when it cannot be started
 */
export async function runApp([file = "", ...args]: readonly string[]): Promise<AppRun> {
  const folder = mkdtempSync(join(tmpdir(), "flushguard-doctor-"));
  const options = [process.env.NODE_OPTIONS, `--import=${REGISTER}`].filter(Boolean).join(" ");
  const child = spawn(file, args, {
    stdio: "inherit",
    env: { ...process.env, NODE_OPTIONS: options, FLUSHGUARD_DOCTOR: folder },
  });
  const passOn = (signal: NodeJS.Signals) => {
    if (!(process.stdin.isTTY && FROM_TERMINAL.includes(signal))) child.kill(signal);
  };
  for (const signal of PASSED_ON) process.on(signal, passOn);
  try {
    return await new Promise((resolve, reject) => {
      child.on("error", ({ message }) => reject(new UsageError(`could not start ${file}: ${message}`)));
      child.on("exit", (exitCode, signal) => {
        const reports = reportsIn(folder);
        if (signal !== null) resolve({ signal, reports });
        else resolve({ exitCode: exitCode ?? 0, reports });
      });
    });
  } finally {
    for (const signal of PASSED_ON) process.off(signal, passOn);
    rmSync(folder, { recursive: true, force: true });
  }
}
