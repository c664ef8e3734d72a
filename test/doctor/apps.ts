import { spawn } from "node:child_process";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { RunDiagnosis } from "../../dist/src/cli/doctor/diagnosis.js";
import { MAIN, plainEnv } from "../cli/cli.js";

const APPS = fileURLToPath(new URL("../fixtures/doctor/", import.meta.url));

export interface Ended {
  code: number | null;
  signal: string | null;
  stdout: string;
  stderr: string;
}

export interface Options {
  env?: NodeJS.ProcessEnv;
  input?: string;
  /** Told of each piece of the app's output as it comes, with the id of the doctor. */
  onOutput?(text: string, doctor: number): void;
}

export const REGISTER = new URL("../../dist/register.js", import.meta.url).href;

/** Runs the doctor in the folder of the apps, which has the preload in NODE_OPTIONS unless `env` says otherwise. */
export function start(args: readonly string[], { env = {}, input, onOutput }: Options = {}): Promise<Ended> {
  return new Promise((resolve) => {
    const options = { cwd: APPS, env: plainEnv({ NODE_OPTIONS: `--import=${REGISTER}`, ...env }) };
    const child = spawn(process.execPath, [MAIN, "doctor", ...args], options);
    let stdout = "";
    let stderr = "";
    child.stdout.setEncoding("utf8").on("data", (text: string) => {
      stdout += text;
      onOutput?.(text, child.pid as number);
    });
    child.stderr.setEncoding("utf8").on("data", (text: string) => {
      stderr += text;
    });
    child.stdin.end(input);
    child.on("close", (code, signal) => resolve({ code, signal, stdout, stderr }));
  });
}

/** Runs an app of the fixtures with `doctor --json`, and these options of its own. */
export async function diagnosed(args: readonly string[], options: Options = {}, own: readonly string[] = []) {
  const { stderr, ...ended } = await start(["--json", ...own, "--", process.execPath, ...args], options);
  const lines = stderr.trimEnd().split("\n");
  const diagnosis = JSON.parse(lines.pop() ?? "") as RunDiagnosis;
  return { ...ended, stderr: lines.join("\n").trimEnd(), diagnosis };
}

export const at = (app: string) => join(APPS, app);
