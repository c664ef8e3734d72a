import { execFile } from "node:child_process";
import { fileURLToPath } from "node:url";
import type { Hazard } from "../../dist/src/index.js";
import { MARK, type Result } from "../../dist/src/proofs/child.js";
import type { ProofEntry } from "../../dist/src/proofs/list.js";

const CHILD = new URL("../../dist/src/proofs/child.js", import.meta.url).href;
const INDEX = new URL("../../dist/index.js", import.meta.url).href;
const REGISTER = new URL("../../dist/register.js", import.meta.url).href;
const SEEN = "flushguard-seen:";

export const cwd = fileURLToPath(new URL("../..", import.meta.url));

export interface ObservedRun {
  result: Result;
  /** What `status()` has seen of the proof's client as the app exits. */
  seen: Partial<Record<Hazard, number>>;
  stderr: string;
}

/** Runs one scenario of a proof in a process of its own. */
export function runObserved(proof: ProofEntry, name: string, env: NodeJS.ProcessEnv = {}): Promise<ObservedRun> {
  const [module, url, scenario] = [proof.module, proof.url, name].map((value) => JSON.stringify(value) ?? "undefined");
  const source = `import { createRequire } from "node:module";
import { writeSync } from "node:fs";
import { status } from ${JSON.stringify(INDEX)};
import { runAndExit } from ${JSON.stringify(CHILD)};
const load = { require: createRequire(process.cwd() + "/"), import: (specifier) => import(specifier) };
process.once("exit", () => {
  const target = status().targets.find((target) => target.module === ${module});
  writeSync(1, ${JSON.stringify(SEEN)} + JSON.stringify(target?.seen ?? {}) + "\\n");
});
await runAndExit(${module}, ${url}, ${scenario}, load);`;
  const { NODE_OPTIONS: _, ...inherited } = process.env;
  return new Promise((resolve, reject) => {
    execFile(
      process.execPath,
      ["--import", REGISTER, "--input-type=module", "--eval", source],
      { cwd, env: { ...inherited, FLUSHGUARD: "observe", ...env }, timeout: 30_000, maxBuffer: 64 * 1024 * 1024 },
      (error, stdout, stderr) => {
        if (error) reject(error);
        else resolve({ result: after(stdout, MARK), seen: after(stdout, SEEN), stderr });
      },
    );
  });
}

function after<T>(stdout: string, mark: string): T {
  const [line = ""] = stdout.slice(stdout.lastIndexOf(mark) + mark.length).split("\n", 1);
  return JSON.parse(line) as T;
}
