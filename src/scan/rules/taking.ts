import { nameOf } from "../source/surveyor.js";
import { contains, TIMERS } from "../source/syntax.js";
import { findSinceWait, follows, searchBack } from "../trace/search.js";
import type { Step } from "../trace/step.js";
import { overlap } from "./rule.js";

/** A batch is read and taken out at one go, and sent. */
export interface Taking {
  taken: Step;
  sent: Step;
}

/** Whether a wait can be for what was taken to arrive: one for a moment is not. */
function isSending({ kind, node }: Step): boolean {
  if (kind === "hand over") return true;
  return kind === "wait" && !(node.type === "CallExpression" && TIMERS.has(nameOf(node.callee) ?? ""));
}

/**
 * Where what is at a place, or a part of it, is taken out to be sent.
 * @param cleared a store whose emptiness was tested and that is cleared: what it held was read by whoever made a message of it
 */
export function takings(steps: readonly Step[], key: string, cleared = false): Taking[] {
  return steps.flatMap((taken) => {
    if ((taken.kind !== "reset" && taken.kind !== "take") || !overlap(key, taken.key)) return [];
    const read = findSinceWait(taken, (at) => at.kind === "read" && overlap(at.key, taken.key));
    const isCleared = cleared && taken.kind === "reset" && taken.node.type === "CallExpression";
    const from = read ?? (isCleared ? taken : undefined);
    const sent = from && steps.find((step) => isSending(step) && follows(step, from));
    return sent === undefined ? [] : [{ taken, sent }];
  });
}

/** Whether the promise at a place is left there for the next call. */
const isLeft = (key: string, steps: readonly Step[]): boolean =>
  steps.some((at) => at.kind === "set" && at.key === key);

/** Whether every way to a step ends with a wait for the promise that a call leaves for the next. */
function waitsForLast(step: Step, steps: readonly Step[]): boolean {
  const around = searchBack(step, (at, wait) => {
    if (wait === undefined) return at.before.length === 0 ? "found" : "go on";
    if (at.kind === "join" && contains(wait.node, at.node) && isLeft(at.key, steps)) return "stop";
    return contains(wait.node, at.node) && at.before.length > 0 ? "go on" : "found";
  });
  return step.before.length > 0 && around === undefined;
}

/** Whether what another call has begun is known to be over here. */
export function joined(step: Step, steps: readonly Step[]): boolean {
  return findSinceWait(step, (at) => at.kind === "join") !== undefined || waitsForLast(step, steps);
}

/** Whether what another call has begun is waited for after a step. */
export function joinsLater(step: Step, steps: readonly Step[]): boolean {
  return steps.some((at) => at.kind === "join" && (at.all || isLeft(at.key, steps)) && follows(at, step));
}
