import type { Recording } from "../source/source.js";
import { overlap, type Traced } from "./rule.js";

/** What other functions surely record there. */
export function recordingsIn({ source, root }: Traced, key: string): Recording[] {
  return source.recordedOutside(key, root).filter(({ how }) => how !== "call");
}

/** What is recorded elsewhere and passed on by the function: it is a flush. */
export function recordingsRead(traced: Traced, flag: string): Recording[] {
  const reads = traced.steps.flatMap((step) => (step.kind === "read" && !overlap(step.key, flag) ? [step.key] : []));
  return [...new Set(reads)].flatMap((key) => recordingsIn(traced, key));
}
