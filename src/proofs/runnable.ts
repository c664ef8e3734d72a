import { satisfies } from "semver";
import type { Proof, Scenario } from "./proof.js";

/** The scenarios of a proof that a version of its client can run. */
export function runnable({ scenarios }: Proof, version: string): Scenario[] {
  return scenarios.filter(({ versions = "*" }) => satisfies(version, versions, { includePrerelease: true }));
}
