import { satisfies } from "semver";
import type { ProofEntry } from "../proofs/list.js";
import type { Target } from "../target.js";
import { installedVersion } from "./installed.js";
import { type Measured, type MeasureOptions, measure } from "./measure.js";

/** What `verify` found out about one target. */
export interface TargetReport {
  module: string;
  status: "measured" | "not installed" | "outside range";
  /** The version that an app in the working directory loads. */
  installed?: string;
  /** Semver range of the versions that are guarded. */
  range?: string;
  scenarios: Measured[];
}

/** A proof and the declaration it is about. */
export interface Provable {
  proof: ProofEntry;
  target(): Promise<Target>;
}

async function standing(provable: Provable, cwd: string): Promise<TargetReport> {
  const { module } = provable.proof;
  const installed = installedVersion(module, cwd);
  if (installed === undefined) return { module, status: "not installed", scenarios: [] };
  const { versions: range = "*" } = await provable.target();
  const status = satisfies(installed, range, { includePrerelease: true }) ? "measured" : "outside range";
  return { module, status, installed, range, scenarios: [] };
}

/**
 * Measures those of the targets that are installed in a version they cover.
 * @returns a report on each target, in their order
 */
export async function verifyTargets(provables: readonly Provable[], options: MeasureOptions): Promise<TargetReport[]> {
  const reports = await Promise.all(provables.map((provable) => standing(provable, options.cwd)));
  const covered = provables.filter((_, index) => reports[index]?.status === "measured");
  const measured = await measure(
    covered.map(({ proof }) => proof),
    options,
  );
  return reports.map((report) => ({ ...report, scenarios: measured.get(report.module) ?? [] }));
}

/** Whether no guarded run lost, repeated or broke anything. */
export function allLossless(reports: readonly TargetReport[]): boolean {
  return reports.every(({ scenarios }) => scenarios.every(({ lossless }) => lossless));
}
