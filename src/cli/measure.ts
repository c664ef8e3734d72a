import { satisfies } from "semver";
import type { ProofEntry } from "../proofs/list.js";
import { lossless } from "../proofs/proof.js";
import type { Measured } from "../proofs/results.js";
import { runProof } from "../proofs/run.js";

/** A proof, and the version of the client that it runs on. */
export interface InstalledClient {
  proof: ProofEntry;
  version: string;
}

/** Told of each run as it begins. */
export type OnRun = (run: { done: number; of: number; module: string; scenario: string; guarded: boolean }) => void;

export interface MeasureOptions {
  cwd: string;
  /** Milliseconds that one run may take. */
  timeoutMs: number;
  /** Whether the results tell what happened when. */
  trace?: boolean;
  onRun?: OnRun;
}

/** More would disturb each other's timing. */
const AT_ONCE = 2;

async function pooled(jobs: readonly (() => Promise<void>)[]): Promise<void> {
  const queue = jobs.values();
  const worker = async () => {
    for (const job of queue) await job();
  };
  await Promise.all(Array.from({ length: AT_ONCE }, worker));
}

/**
 * Runs the scenarios that the installed versions can run, each without and then with the guard, in processes of their own.
 * @returns what was measured, by module, in the order of the proofs and of their scenarios
 */
export async function measure(
  installed: readonly InstalledClient[],
  { cwd, timeoutMs, trace = false, onRun }: MeasureOptions,
): Promise<Map<string, Measured[]>> {
  const measured = new Map<string, Measured[]>();
  const jobs: (() => Promise<void>)[] = [];
  let done = 0;
  for (const { proof: entry, version } of installed) {
    const rows: Measured[] = [];
    measured.set(entry.module, rows);
    const { scenarios } = await entry.load();
    const possible = scenarios.filter(({ versions = "*" }) =>
      satisfies(version, versions, { includePrerelease: true }),
    );
    for (const [index, { name, hazard }] of possible.entries()) {
      const once = async (guarded: boolean) => {
        onRun?.({ done, of: jobs.length * 2, module: entry.module, scenario: name, guarded });
        const result = await runProof(entry, name, { guarded, cwd, timeoutMs, trace });
        done++;
        return result;
      };
      jobs.push(async () => {
        const unguarded = await once(false);
        const guarded = await once(true);
        const whole = guarded.outcome !== undefined && lossless(guarded.outcome);
        rows[index] = { scenario: name, hazard, unguarded, guarded, lossless: whole };
      });
    }
  }
  await pooled(jobs);
  return measured;
}
