import type { AnyNode } from "acorn";
import { full } from "acorn-walk";
import { placeOf } from "../source/places.js";
import type { Recording } from "../source/source.js";
import { bare, contains } from "../source/syntax.js";
import type { Step } from "../trace/step.js";

function ends(arm: AnyNode): boolean {
  const last = arm.type === "BlockStatement" ? arm.body.at(-1) : arm;
  return last?.type === "ReturnStatement" || last?.type === "ThrowStatement";
}

const flags = new WeakMap<AnyNode, readonly string[]>();

/** Keys of the flags that keep a function from recording where it otherwise does. */
function flagsOf({ fn, node }: Recording): readonly string[] {
  const known = flags.get(node);
  if (known !== undefined) return known;
  const keys: string[] = [];
  const add = (flag: AnyNode): void => {
    const place = placeOf(flag, fn.scope);
    if (place !== undefined && !place.partial) keys.push(place.key);
  };
  full(fn.node, (at) => {
    if (at.type !== "IfStatement") return;
    const test = bare(at.test);
    const negated = test.type === "UnaryExpression" && test.operator === "!";
    const holds = contains(at.consequent, node);
    if (negated) {
      if (holds) add(test.argument);
    } else if (!holds && (at.alternate ? contains(at.alternate, node) : ends(at.consequent) && at.end <= node.start)) {
      add(test);
    }
  });
  flags.set(node, keys);
  return keys;
}

/** Whether nothing is recorded meanwhile, as a flag that the function has raised by then sends records elsewhere. */
export function isDiverted(recording: Recording, steps: readonly Step[], until: Step): boolean {
  const keys = flagsOf(recording);
  if (keys.length === 0) return false;
  return steps
    .slice(0, steps.indexOf(until))
    .some((step) => step.kind === "set" && step.line === 0 && keys.includes(step.key));
}
