import { versionFrom } from "../packages/version-from.js";
import { rangeOf, versionObstacles } from "../packages/version-obstacle.js";
import type { ProofEntry } from "../proofs/list.js";
import type { TargetReport } from "../proofs/results.js";
import type { Target } from "../target.js";
import { type MeasureOptions, measure } from "./measure.js";

/** A proof and the declarations it is about. */
export interface Provable {
  proof: ProofEntry;
  targets(): readonly Target[];
}

async function standing(provable: Provable, cwd: string): Promise<TargetReport> {
  const { module } = provable.proof;
  const installed = versionFrom(module, cwd);
  if (installed === undefined) return { module, status: "not installed", scenarios: [] };
  const targets = provable.targets();
  const facts = { module, installed, range: rangeOf(targets), scenarios: [] };
  const reason = versionObstacles(targets, installed);
  if (reason !== undefined) return { ...facts, status: "not covered", reason };
  const { beside = [] } = await provable.proof.load();
  const absent = beside.filter((name) => versionFrom(name, cwd) === undefined);
  if (absent.length === 0) return { ...facts, status: "measured" };
  return {
    ...facts,
    status: "not measured",
    reason: `its scenarios load ${absent.join(" and ")} too, not installed here`,
  };
}

/**
 * Measures those of the targets that are installed in a version they cover.
 * @returns a report on each target, in their order
 */
export async function verifyTargets(provables: readonly Provable[], options: MeasureOptions): Promise<TargetReport[]> {
  const reports = await Promise.all(provables.map((provable) => standing(provable, options.cwd)));
  const covered = provables.flatMap(({ proof }, index) => {
    const { status, installed: version } = reports[index] as TargetReport;
    return status === "measured" && version !== undefined ? [{ proof, version }] : [];
  });
  const measured = await measure(covered, options);
  return reports.map((report) => ({ ...report, scenarios: measured.get(report.module) ?? [] }));
}

/** Whether no guarded run lost, repeated or broke anything. */
export function allLossless(reports: readonly TargetReport[]): boolean {
  return reports.every(({ scenarios }) => scenarios.every(({ lossless }) => lossless));
}
