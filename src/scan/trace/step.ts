import type { AnyNode } from "acorn";
import type { Fn } from "../source/model.js";
import type { Fresh } from "../source/syntax.js";

/** What a function does, as far as it concerns a hazard. */
export type Doing =
  /** What is recorded at a place is passed on, kept or iterated. */
  | { kind: "read"; key: string }
  /** A place is made empty. */
  | { kind: "reset"; key: string; fresh: Fresh }
  /** A part of it is taken out. */
  | { kind: "take"; key: string }
  /** A place gets back what was taken from it, over what was recorded since. */
  | { kind: "put back"; key: string }
  /** A place gets a value: a flag, a promise. */
  | { kind: "set"; key: string }
  /** A place gets a value that tests as false. */
  | { kind: "clear"; key: string }
  /** Other code runs before the function goes on. */
  | { kind: "wait" }
  /** A function of the caller's or the user's runs at once. */
  | {
      kind: "call out";
      whose: "caller" | "registered" | "injected";
      /** Keys of what an injected one is given: it sends that, and is nobody's who records. */
      given: readonly string[];
    }
  /** What is recorded at a place is gone through as it is, not a copy of it. */
  | { kind: "iterate"; key: string }
  /** What another call has begun is waited for or returned; `all` where it is every promise that is kept at a place. */
  | { kind: "join"; key: string; all?: boolean }
  /** The timer that a place holds is cleared. */
  | { kind: "stop"; key: string }
  /** The function ends with what a call gives. */
  | { kind: "hand over" }
  /** The function returns, with nothing to wait for, where a place tests as true. */
  | { kind: "busy exit"; key: string; exit: AnyNode }
  /** The function returns the promise that a place holds. */
  | { kind: "join exit"; key: string; exit: AnyNode }
  /** It returns, with nothing to wait for, where a place is empty; `taken` where what was taken from it is. */
  | { kind: "empty exit"; key: string; exit: AnyNode; taken: boolean };

export type Step = Doing & {
  node: AnyNode;
  /** The steps that can come right before this one. */
  before: Step[];
  /** The function that it is written in. */
  fn: Fn;
  /** Steps of one line follow each other; a callback is a line of its own. */
  line: number;
  /** The call in the traced function through which this step is reached, where it is in another function. */
  through: AnyNode | undefined;
};
