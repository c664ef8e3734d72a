import type { AnyNode } from "acorn";
import { isPartOf } from "../source/places.js";
import type { Recording } from "../source/source.js";
import { CHAINS, type Fresh, propertyName } from "../source/syntax.js";
import { searchBack } from "../trace/search.js";
import type { Step } from "../trace/step.js";
import { isDiverted } from "./diverted.js";
import { type Finding, overlap, type Traced } from "./finding.js";

/** Whether what is recorded could be lost with a reset of this kind. */
function fills({ how }: Recording, fresh: Fresh): boolean {
  switch (fresh) {
    case "custom":
      return true;
    case "number":
      return how === "sum";
    case "string":
      return how === "sum" || how === "text";
    case "nothing":
      return how !== "call" && how !== "sum" && how !== "text";
    default:
      return how !== "call";
  }
}

/** Whether a wait is for what is given the value: a timer that it sets is not. */
function isSent(read: AnyNode, wait: AnyNode): boolean {
  const timer =
    wait.type === "CallExpression" && wait.callee.type === "Identifier" && wait.callee.name === "setTimeout";
  return !timer && wait.start <= read.start && read.end <= wait.end;
}

/** Whether a wait is surely one: `await`, or a promise's `then`. */
function isAsynchronous(wait: AnyNode): boolean {
  if (wait.type !== "CallExpression") return wait.type !== "NewExpression";
  return CHAINS.has(propertyName(wait.callee) ?? "");
}

/** A buffer is read, other code runs, and the buffer is emptied: what was recorded meanwhile is gone. */
export function* lostUpdates({ source, root, steps }: Traced): Iterable<Finding> {
  for (const step of steps) {
    if (step.kind !== "reset" && step.kind !== "put back") continue;
    const { key } = step;
    const recordings = source
      .recordedOutside(key, root, step.fn)
      .filter(
        (recording) => step.kind === "put back" || step.fresh !== "number" || !source.isPartOf(recording.fn, root),
      )
      .filter((recording) => fills(recording, step.kind === "put back" ? "nothing" : step.fresh));
    if (recordings.every((recording) => isDiverted(recording, steps, step))) continue;
    const isRead = (at: Step): boolean =>
      at.kind === "read" && overlap(at.key, key) && recordings.some((recording) => overlap(recording.key, at.key));
    const found = searchBack(step, (at, wait) => {
      if (step.kind === "reset" && isRead(at)) return wait === undefined ? "stop" : "found";
      if (at.kind === "reset" && isPartOf(key, at.key)) {
        return step.kind === "put back" && wait !== undefined ? "found" : "stop";
      }
      return at.kind === "put back" && at.key === key ? "stop" : "go on";
    });
    if (found?.wait === undefined) continue;
    // What a constructor registers is not what follows it.
    if (root.name === "constructor" && found.step.line !== step.line) continue;
    const parts = [found.step, found.wait, step];
    // What is saved and restored round a callback that runs at once is no buffer.
    if (step.kind === "put back" && !isAsynchronous(found.wait.node)) continue;
    // A number is often no buffer: it has to be what is sent.
    if (step.kind === "reset" && step.fresh === "number" && !isSent(found.step.node, found.wait.node)) continue;
    if (parts.every(({ through }) => through !== undefined)) continue;
    yield {
      hazard: "lost update",
      root,
      key,
      marks: [
        { label: step.kind === "put back" ? "taken" : "read", node: found.step.node },
        { label: "wait", node: found.wait.node },
        { label: step.kind, node: step.node },
      ],
      recordings,
    };
  }
}
