import type { Hazard } from "../telemetry/messages.js";

export type { Hazard } from "../telemetry/messages.js";

/** What a scenario counted. Every recorded value carries an identity, so that repeats show. */
export interface Outcome {
  /** Values the scenario recorded. */
  recorded: number;
  /** Values that reached the sink, repeats included. */
  delivered: number;
  /** Different values that reached the sink. */
  distinct: number;
  /** Promises broken besides the totals, one line each: a packet over its limit, a call that came back early. */
  violations?: string[];
}

/** Loads the client as the app in the working directory would. */
export interface LoadClient {
  require(specifier: string): unknown;
  import(specifier: string): Promise<unknown>;
}

export interface Scenario {
  /** What happens, as a user would say it: "records during a 50 ms flush". */
  name: string;
  /** Absent: not known, of a user's own. */
  hazard?: Hazard;
  /** What goes wrong without the guard, in one sentence, where it is not what the hazard says. */
  wrong?: string;
  /** Semver range of the versions that can run it. Absent: every version the target covers. */
  versions?: string;
  /** Drives the real client against a loopback sink and counts. */
  run(load: LoadClient): Promise<Outcome>;
}

/** The scenarios of one target. */
export interface Proof {
  /** Package name, as in the target. */
  module: string;
  /** Packages that its scenarios load too. */
  beside?: readonly string[];
  scenarios: readonly Scenario[];
}

/** Whether everything recorded arrived exactly once and nothing else was broken. */
export function lossless(outcome: Outcome): boolean {
  return (
    outcome.delivered === outcome.recorded &&
    outcome.distinct === outcome.recorded &&
    (outcome.violations ?? []).length === 0
  );
}
