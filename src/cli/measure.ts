import type { ProofEntry } from "../proofs/list.js";
import { lossless } from "../proofs/proof.js";
import type { Measured } from "../proofs/results.js";
import { runProof } from "../proofs/run.js";
import { runnable } from "../proofs/runnable.js";
import { pooled } from "./pooled.js";

/** A proof, and the version of the client that it runs on. */
export interface InstalledClient {
  proof: ProofEntry;
  version: string;
}

/** A run that begins. */
interface Run {
  done: number;
  of: number;
  module: string;
  scenario: string;
  guarded: boolean;
}

/** Told of each run as it begins. */
type OnRun = (run: Run) => void;

/** For a line of progress. */
export function runLine({ done, of, module, scenario, guarded }: Run): string {
  return `${done}/${of}  ${module}: ${scenario} (${guarded ? "guarded" : "unguarded"})`;
}

/** Milliseconds that a scenario is given when users measure. */
export const SCENARIO_TIMEOUT_MS = 60_000;

export interface MeasureOptions {
  cwd: string;
  /** Milliseconds that one run may take. */
  timeoutMs: number;
  /** Whether the results tell what happened when. */
  trace?: boolean;
  onRun?: OnRun;
  /** Told of each line that the guard has said in a run. */
  onSaid?: (line: string) => void;
}

/**
 * Runs the scenarios that the installed versions can run, each without and then with the guard, in processes of their own.
 * @returns what was measured, by module, in the order of the proofs and of their scenarios
 */
export async function measure(
  installed: readonly InstalledClient[],
  { cwd, timeoutMs, trace = false, onRun, onSaid }: MeasureOptions,
): Promise<Map<string, Measured[]>> {
  const measured = new Map<string, Measured[]>();
  const jobs: (() => Promise<void>)[] = [];
  let done = 0;
  for (const { proof: entry, version } of installed) {
    const rows: Measured[] = [];
    measured.set(entry.module, rows);
    const scenarios = runnable(await entry.load(), version);
    for (const [index, { name, hazard, wrong }] of scenarios.entries()) {
      const once = async (guarded: boolean) => {
        onRun?.({ done, of: jobs.length * 2, module: entry.module, scenario: name, guarded });
        const result = await runProof(entry, name, { guarded, cwd, timeoutMs, trace, onSaid });
        done++;
        return result;
      };
      jobs.push(async () => {
        const unguarded = await once(false);
        const guarded = await once(true);
        const whole = guarded.outcome !== undefined && lossless(guarded.outcome);
        rows[index] = { scenario: name, hazard, wrong, unguarded, guarded, lossless: whole };
      });
    }
  }
  await pooled(jobs);
  return measured;
}
