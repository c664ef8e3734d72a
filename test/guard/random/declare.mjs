import fc from "fast-check";
import { isSum, parts, takesCallback } from "./shape.mjs";

/** How a program declares its class: as it is, or, in one field, as it is not. */
export const declarations = fc.record({
  strategy: fc.constantFrom("fitting", "hold", "swap"),
  post: fc.boolean(),
  lie: fc.oneof(
    { weight: 9, arbitrary: fc.constant("none") },
    { weight: 1, arbitrary: fc.constantFrom("detaches", "synchronous", "no records", "rule", "one flush") },
  ),
});

/** What a target calls that shape. */
function fitting({ flow, form, record }) {
  if (form === "sync") return "synchronous";
  return flow === "detach" && !record.startsWith("async") ? "detaches" : "swap";
}

/** The roles of a shape's methods, as `guard()` takes them. */
export function rolesOf(shape, { strategy, post, lie }) {
  const names = parts(shape);
  const chosen = lie === "detaches" || lie === "synchronous" ? lie : strategy === "fitting" ? fitting(shape) : strategy;
  const roles = {
    record: lie === "no records" ? [] : names.record,
    flush: lie === "one flush" ? names.flush.slice(0, 1) : names.flush,
    close: names.close,
  };
  if (post && names.send.length > 0) roles.send = names.send;
  if (names.owner !== undefined) roles.owner = names.owner;
  if (takesCallback(shape) && chosen !== "synchronous") roles.ends = { callback: 0 };
  if (chosen === "detaches") roles.batch = "detached";
  else if (chosen === "synchronous") roles.batch = "on the stack";
  else if (chosen === "swap") roles.buffers = { [names.buffer]: lie === "rule" ? "last" : rule(shape) };
  return roles;
}

function rule(shape) {
  if (isSum(shape) || /map|object/i.test(shape.buffer)) return "sum";
  return "append";
}

/** Whether the class is what its declaration says, and guarded whole before it is used, as a target's is. */
export const isTrue = ({ declaration, shape, guarded, late, via }) =>
  declaration.lie === "none" &&
  (declaration.strategy === "fitting" || declaration.strategy === "swap") &&
  (guarded === "class" || (guarded === "both" && shape.inner === "super")) &&
  !late &&
  via !== "proxy";
