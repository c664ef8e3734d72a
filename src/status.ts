import type { EsmHooks } from "./hooks/esm-hooks.js";
import type { Found } from "./patch/found.js";
import type { Counters } from "./telemetry/counters.js";
import type { Hazard } from "./telemetry/messages.js";

/** What the guard has found and done in this process. */
export interface Status {
  /** What FLUSHGUARD asks for. */
  mode: "guard" | "observe" | "off";
  /** Whether module loading is hooked. */
  enabled: boolean;
  /** How ES modules are hooked. */
  esm: EsmHooks;
  targets: TargetStatus[];
}

export interface TargetStatus {
  module: string;
  /** Its copies that were loaded, one for each folder. */
  found: Found[];
  /** The sum over all its guarded classes. */
  counters: Counters;
  /** Under `FLUSHGUARD=observe`: records that were lost, repeated or stranded, by hazard. */
  seen?: Partial<Record<Hazard, number>>;
}
