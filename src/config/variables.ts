import { isLikeOurs } from "./settings.js";

/** The variables there are; a test holds them to those that the code reads. */
export const VARIABLES = [
  "FLUSHGUARD",
  "FLUSHGUARD_CONFIG",
  "FLUSHGUARD_DOCTOR",
  "FLUSHGUARD_DRAIN",
  "FLUSHGUARD_DRAIN_TIMEOUT_MS",
  "FLUSHGUARD_FLUSH_TIMEOUT_MS",
  "FLUSHGUARD_LOG",
  "FLUSHGUARD_MAX_HELD",
  "FLUSHGUARD_METRICS",
  "FLUSHGUARD_MULTIPROCESS_DIR",
  "FLUSHGUARD_MULTIPROCESS_FLUSH_MS",
  "FLUSHGUARD_MULTIPROCESS_METRICS",
  "FLUSHGUARD_MULTIPROCESS_SHARED",
  "FLUSHGUARD_TARGETS",
] as const;

/** The variables that look like ours and are none. */
export function unknownVariables(env: Readonly<Record<string, string | undefined>>): string[] {
  return Object.keys(env).filter((name) => isLikeOurs(name) && !VARIABLES.some((one) => one === name));
}
