import type { Measurement } from "../export-patch/issue.js";
import { runProof } from "../proofs/run.js";
import { runnable } from "../proofs/runnable.js";
import type { InstalledClient, MeasureOptions } from "./measure.js";

/** Runs the scenarios that an installed client can run, one after another, without the guard. */
export async function measureUnguarded(
  { proof, version }: InstalledClient,
  { cwd, timeoutMs, onRun }: MeasureOptions,
): Promise<Measurement[]> {
  const scenarios = runnable(await proof.load(), version);
  const measurements: Measurement[] = [];
  for (const [done, { name }] of scenarios.entries()) {
    onRun?.({ done, of: scenarios.length, module: proof.module, scenario: name, guarded: false });
    const result = await runProof(proof, name, { guarded: false, cwd, timeoutMs });
    measurements.push({ scenario: name, result });
  }
  return measurements;
}
