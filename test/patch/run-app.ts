import { execFile } from "node:child_process";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { Status, TargetStatus } from "../../dist/src/index.js";

export const REGISTER = new URL("../../dist/register.js", import.meta.url);
export const APPS = fileURLToPath(new URL("../fixtures/patch/", import.meta.url));

/** The race of the fixtures, by what is delivered of the 160 recorded. */
export const EXACT = { recorded: 160, delivered: 160 };
export const WRONG = { recorded: 160, delivered: 120 };

export interface AppRun {
  code: number;
  stdout: string;
  stderr: string;
}

export interface Options {
  /** The user's targets, in the file that FLUSHGUARD_CONFIG names. */
  targets?: readonly object[];
  env?: NodeJS.ProcessEnv;
  /** Node arguments; those of the preload unless given. */
  node?: readonly string[];
  binary?: string;
  cwd?: string;
}

let running = 0;
const waiting: (() => void)[] = [];

/** Runs an app, two at a time, by default under the preload and in the folder of the fixtures. */
export async function runApp(args: readonly string[], options: Options = {}): Promise<AppRun> {
  if (running >= 2) await new Promise<void>((go) => waiting.push(go));
  running++;
  const folder = await mkdtemp(join(tmpdir(), "flushguard-patch-"));
  try {
    const { NODE_OPTIONS: _, ...inherited } = process.env;
    const env: NodeJS.ProcessEnv = { ...inherited, ...options.env };
    if (options.targets !== undefined) {
      env.FLUSHGUARD_CONFIG = join(folder, "flushguard.config.json");
      await writeFile(env.FLUSHGUARD_CONFIG, JSON.stringify({ targets: options.targets }));
    }
    const { node = ["--import", REGISTER.href], binary = process.execPath, cwd = APPS } = options;
    return await new Promise((resolve) => {
      execFile(binary, [...node, ...args], { cwd, env, timeout: 30_000 }, (error, stdout, stderr) => {
        resolve({ code: error ? Number(error.code ?? -1) : 0, stdout, stderr });
      });
    });
  } finally {
    await rm(folder, { recursive: true });
    running--;
    waiting.shift()?.();
  }
}

/** Runs an app and gives what it told: its last line of output, as JSON. */
export async function told<Results>(
  args: readonly string[],
  options: Options = {},
): Promise<Results & { status: Status; stderr: string }> {
  const run = await runApp(args, options);
  if (run.code !== 0) throw new Error(`exit code ${run.code}\n${run.stdout}${run.stderr}`);
  return { ...JSON.parse(run.stdout.trim().split("\n").at(-1) ?? ""), stderr: run.stderr };
}

/** What the guard reported of one module. */
export function reportOf({ status }: { status: Status }, module: string): TargetStatus | undefined {
  return status.targets.find((target) => target.module === module);
}
