import type { AnyNode } from "acorn";
import type { Hazard } from "../../proofs/proof.js";
import type { Fn } from "../source/model.js";
import type { Recording, Source } from "../source/source.js";
import type { Step } from "../trace/step.js";

/** What a mark in a code frame points at. */
type MarkLabel =
  | "read"
  | "wait"
  | "reset"
  | "put back"
  | "calls out"
  | "iterates"
  | "returns early"
  | "set"
  | "cleared"
  | "taken";

export interface Mark {
  label: MarkLabel;
  node: AnyNode;
}

/** A hazard in the traced function. */
export interface Finding {
  hazard: Hazard;
  root: Fn;
  /** The place that is lost, or the flag. */
  key: string;
  marks: Mark[];
  /** Where the buffer is filled. */
  recordings: Recording[];
}

export interface Traced {
  source: Source;
  root: Fn;
  steps: readonly Step[];
}

/** Whether one of two places is part of the other. */
export function overlap(a: string, b: string): boolean {
  const [short, long] = a.length < b.length ? [a, b] : [b, a];
  return short === long || (long.startsWith(short) && long[short.length] === ".");
}
