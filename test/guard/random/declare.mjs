import fc from "fast-check";
import { callsItself, has, isSum, parts, takesCallback } from "./shape.mjs";

/** How a program declares its class: as it is, or, in one word, as it is not. */
export const declarations = fc.record({
  strategy: fc.constantFrom("fitting", "hold", "swap"),
  post: fc.boolean(),
  view: fc.boolean(),
  callsOut: fc.constantFrom(undefined, undefined, undefined, true, false),
  lie: fc.oneof(
    { weight: 9, arbitrary: fc.constant("none") },
    { weight: 1, arbitrary: fc.constantFrom("detached", "on the stack", "no records", "rule", "one flush") },
  ),
});

/** What a target calls that shape. */
function fitting({ flow, form, record }) {
  if (form === "sync") return "on the stack";
  return flow === "detach" && !record.startsWith("async") ? "detached" : "swap";
}

/** Whether all of the class's code uses nothing but the `this` that it is given. */
const isViewable = (shape) =>
  shape.private === "none" &&
  shape.helpers === "none" &&
  shape.reset !== "owner" &&
  shape.frozen === false &&
  !has(shape, "hiddenCount") &&
  !has(shape, "dirty");

/** Whether the sender may ask for a flush of the app's own. */
const callsOut = ({ sender, hook, shape }) => sender.again !== null || (shape.hook !== "none" && hook !== undefined);

/** The roles of a program's class, as `guard()` takes them. */
export function rolesOf(program) {
  const { shape, declaration } = program;
  const { strategy, post, lie } = declaration;
  const names = parts(shape);
  const batch = strategies.includes(lie) ? lie : strategy === "fitting" ? fitting(shape) : strategy;
  return spelt({
    record: lie === "no records" ? [] : names.record,
    flush: lie === "one flush" ? names.flush.slice(0, 1) : names.flush,
    send: post ? names.send : [],
    close: names.close,
    owner: names.owner,
    batch,
    buffers: {
      [names.buffer]:
        lie === "rule" ? "last" : isSum(shape) || /map|object|nested|fixed/i.test(shape.buffer) ? "sum" : "append",
      ...(has(shape, "count") ? { count: "sum" } : {}),
    },
    callback: takesCallback(shape) ? (has(shape, "options") ? 1 : 0) : undefined,
    view: declaration.view && isViewable(shape),
    // Said of a class that does nothing of the kind, or does: never that it does not where it does, or of one that calls itself.
    callsOut:
      (declaration.callsOut === false && callsOut(program)) || callsItself(shape) ? undefined : declaration.callsOut,
  });
}

const strategies = ["swap", "hold", "detached", "on the stack"];

/**
 * Roles in the words of `src/target.ts`.
 * @param callback position of the callback that tells of a flush's end
 * @param callsOut whether a flush runs code of the app's own
 */
export function spelt({
  record,
  flush,
  send = [],
  close = [],
  owner,
  batch,
  buffers,
  callback,
  view,
  callsOut,
  ...others
}) {
  const roles = { record, flush, close, batch, ...others };
  if (send.length > 0) roles.send = send;
  if (owner !== undefined) roles.owner = owner;
  if (batch === "swap") roles.buffers = buffers;
  if (batch === "swap" && view === true) roles.view = true;
  if (callback !== undefined && batch !== "on the stack") roles.ends = { callback };
  if (callsOut !== undefined && batch !== "detached") roles.callsOut = { flush: callsOut };
  return roles;
}

/** Whether the class is what its declaration says, and guarded whole before it is used, as a target's is. */
export const isTrue = ({ declaration, shape, guarded, late, via }) =>
  declaration.lie === "none" &&
  (declaration.strategy === "fitting" || declaration.strategy === "swap") &&
  (guarded === "class" || (guarded === "both" && shape.inner === "super")) &&
  !late &&
  via !== "proxy";
