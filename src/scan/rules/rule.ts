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
  | "taken"
  | "handed on"
  | "called back"
  | "stopped";

export interface Mark {
  label: MarkLabel;
  node: AnyNode;
}

/** A function worth looking at, and what it does in the order it happens. */
export interface Traced {
  source: Source;
  root: Fn;
  steps: readonly Step[];
}

/** What a rule reports. */
export interface Report {
  /** The place that is lost, or the flag. */
  key: string;
  marks: Mark[];
  /** Where the buffer is filled. */
  recordings: Recording[];
}

interface Context extends Traced {
  report(report: Report): void;
}

type StepOf<K extends Step["kind"]> = Extract<Step, { kind: K }>;

/** What is called for each step of a kind. */
export type Listeners = { [K in Step["kind"]]?: (step: StepOf<K>) => void };

/** A shape of code that costs what was recorded. */
export interface Rule {
  meta: {
    /** Name of the shape, the same as that of the file. */
    name: string;
    hazard: Hazard;
    /** Labels of its marks, in the order things happen. */
    marks: readonly MarkLabel[];
  };
  /** One sentence: what happens at a place, and what that costs. */
  message(place: string): string;
  /** Looks at one function. */
  create(context: Context): Listeners;
}

/** A hazard in a function. */
export interface Finding extends Report {
  rule: Rule;
  root: Fn;
}

/** What happens on both sides of a wait, to the same place. */
interface AroundWait {
  before: Step;
  wait: Step;
  after: Step;
}

/** Reports what happens behind a wait, with the labels of the rule. */
export function reportAroundWait(
  { root, report }: Context,
  { meta }: Rule,
  { before, wait, after }: AroundWait,
  what: Omit<Report, "marks">,
): void {
  // What a constructor registers is not what follows it.
  if (root.name === "constructor" && before.line !== after.line) return;
  const steps = [before, wait, after];
  // It is shown where it is.
  const isOneCall = before.line !== after.line || steps.every(({ through }) => through === before.through);
  if (isOneCall && steps.every(({ through }) => through !== undefined)) return;
  const marks = steps.map(({ node }, index) => ({ label: meta.marks[index] as MarkLabel, node }));
  report({ ...what, marks });
}

/** Whether one of two places is part of the other. */
export function overlap(a: string, b: string): boolean {
  const [short, long] = a.length < b.length ? [a, b] : [b, a];
  return short === long || (long.startsWith(short) && long[short.length] === ".");
}
