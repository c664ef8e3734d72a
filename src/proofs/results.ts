import type { Result } from "./child.js";
import type { Hazard } from "./proof.js";

/** One scenario, without and with the guard. */
export interface Measured {
  scenario: string;
  hazard?: Hazard | undefined;
  /** As in the scenario. */
  wrong?: string | undefined;
  unguarded: Result;
  guarded: Result;
  /** Whether the guarded run delivered exactly what was recorded and broke nothing else. */
  lossless: boolean;
}

/** What `verify` found out about one target. */
export interface TargetReport {
  module: string;
  status: "measured" | "not measured" | "not installed" | "not covered";
  /** The version that an app in the working directory loads. */
  installed?: string;
  /** Semver range of the versions that are guarded. */
  range?: string;
  /** Why a version is not covered, or not measured. */
  reason?: string;
  scenarios: Measured[];
}
