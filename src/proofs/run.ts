import { spawn } from "node:child_process";
import { MARK, type Result } from "./child.js";
import { type ProofEntry, proofs } from "./list.js";

const CHILD = new URL("./child.js", import.meta.url).href;
const REGISTER = new URL("../../register.js", import.meta.url).href;
/** Characters of a child's output that are kept: its end, where the result and the reason of a crash are. */
const TAIL = 4_194_304;
/** What a line of the guard's begins with. */
const OURS = "flushguard: ";

export interface RunOptions {
  /** Whether the app is started with the preload. */
  guarded: boolean;
  /** The directory that the client is resolved from. */
  cwd: string;
  /** Milliseconds after which the app is killed. */
  timeoutMs: number;
  /** Whether the result tells what happened when. */
  trace?: boolean;
  /** Told of each line that the guard has said, when the app has ended. */
  onSaid?: ((line: string) => void) | undefined;
}

/** The app: it resolves the client as a file in its working directory would. */
function source(proof: ProofEntry, name: string, trace: boolean): string {
  const parameters = [proof.module, proof.url, name].map((value) => JSON.stringify(value) ?? "undefined").join(", ");
  return `import { createRequire } from "node:module";
import { runAndExit } from ${JSON.stringify(CHILD)};
const load = { require: createRequire(process.cwd() + "/"), import: (specifier) => import(specifier) };
await runAndExit(${parameters}, load, ${trace});`;
}

/** The user's environment without what would put a preload into the unguarded app or keep it out of the guarded one. */
export function environment(guarded: boolean): NodeJS.ProcessEnv {
  const { NODE_OPTIONS: _options, FLUSHGUARD_TARGETS: _targets, ...env } = process.env;
  return { ...env, FLUSHGUARD: guarded ? "on" : "off" };
}

function resultIn(stdout: string): Result | undefined {
  const start = stdout.lastIndexOf(MARK);
  if (start === -1) return undefined;
  try {
    // A client that stays may print behind it until the process has ended.
    const [line = ""] = stdout.slice(start + MARK.length).split("\n", 1);
    return JSON.parse(line) as Result;
  } catch {
    return undefined;
  }
}

/** Exit code of a module whose top-level await can never settle. */
const UNSETTLED = 13;

/** How the app ended, with the line of a crash report that names the error. */
function ending(code: number | null, signal: string | null, stderr: string): string {
  if (code === UNSETTLED) return "ended with the scenario waiting for something that cannot come";
  const lines = stderr.split("\n").filter((line) => /^\S/.test(line) && !line.startsWith("Node.js v"));
  const reason = lines.findLast((line) => /^(?:Uncaught )?\w*Error\b/.test(line)) ?? lines.at(-1);
  return `ended by ${signal ?? `exit code ${code}`}${reason === undefined ? "" : `: ${reason.slice(0, 300)}`}`;
}

/**
 * Runs one scenario in a process of its own.
 * @returns what it counted; an error line when it failed, crashed, hung or ended early. Never rejects
 */
export function runProof(
  proof: ProofEntry,
  name: string,
  { guarded, cwd, timeoutMs, trace = false, onSaid }: RunOptions,
): Promise<Result> {
  return new Promise((resolve) => {
    const preload = guarded ? ["--import", REGISTER] : [];
    const child = spawn(process.execPath, [...preload, "--input-type=module", "--eval", source(proof, name, trace)], {
      cwd,
      env: environment(guarded),
      stdio: ["ignore", "pipe", "pipe"],
      windowsHide: true,
    });
    let stdout = "";
    let stderr = "";
    let late = false;
    child.stdout.setEncoding("utf8").on("data", (text: string) => {
      stdout = (stdout + text).slice(-TAIL);
    });
    child.stderr.setEncoding("utf8").on("data", (text: string) => {
      stderr = (stderr + text).slice(-TAIL);
    });
    const timer = setTimeout(() => {
      late = true;
      child.kill("SIGKILL");
      // A process of the child's own may hold the pipes open.
      child.stdout.destroy();
      child.stderr.destroy();
    }, timeoutMs);
    child.on("error", (error) => {
      clearTimeout(timer);
      resolve({ error: `could not be started: ${error.message}` });
    });
    child.on("close", (code, signal) => {
      clearTimeout(timer);
      if (onSaid !== undefined) for (const line of stderr.split("\n")) if (line.startsWith(OURS)) onSaid(line);
      const error = late ? `no result within ${timeoutMs} ms` : ending(code, signal, stderr);
      resolve(resultIn(stdout) ?? { error });
    });
  });
}

/**
 * Runs one scenario of a built-in target in a process of its own.
 * @param module package name of the target
 * @param name name of the scenario
 * @returns what it counted; an error line when it failed, crashed, hung or ended early. Never rejects
 */
export async function runScenario(module: string, name: string, options: RunOptions): Promise<Result> {
  const proof = proofs.find((candidate) => candidate.module === module);
  return proof === undefined ? { error: `${module} has no proof` } : runProof(proof, name, options);
}
