import { shown } from "../config/shown.js";
import { isAsync } from "../is-async.js";
import type { Method } from "../methods/method.js";
import { findProperty } from "../methods/wrap-method.js";
import type { Roles } from "../target.js";

/** A method with a plain list of parameters. */
const PLAIN = /^(?:async\s+)?(?:function\b)?\s*\*?\s*[\w$]*\s*\(([^()'"`/.]*)\)/;

/** How many arguments a method can tell apart. Undefined: it may take any, or its source does not tell. */
function takenBy(method: unknown): number | undefined {
  if (typeof method !== "function") return undefined;
  const source = Function.prototype.toString.call(method);
  const [, list] = PLAIN.exec(source) ?? [];
  if (list === undefined || /\barguments\b|\[native code\]/.test(source)) return undefined;
  const names = list.replace(/\{[^{}]*\}|\[[^[\]]*\]/g, "_").split(",");
  return names.filter((name) => name.trim() !== "").length;
}

/** A line for each role that asks of an object what it is not, or has not. */
export function misfits({ batch, buffers = {}, final, flush = [], ends }: Roles, holder: object): string[] {
  const memberOf = (name: string): unknown => findProperty(holder, name)?.value;
  const hidden = Object.keys(buffers).filter((field) => field.startsWith("#"));
  const lines = hidden.map(
    (field) =>
      `buffers: found "${field}", expected a field that is not private; its record calls wait while a flush runs`,
  );
  if (final && !["write", "end"].every((name) => typeof memberOf(name) === "function")) {
    lines.push(`final: found ${shown(final)}, expected a Writable, which has "write" and "end"; nothing is waited for`);
  }
  const isOver = (name: string): boolean => typeof memberOf(name) !== "function" || !isAsync(memberOf(name) as Method);
  const late = batch === "on the stack" ? flush.filter((name) => !isOver(name)) : [];
  for (const name of late) {
    lines.push(`batch: found "on the stack", expected a flush that is over when it returns; "${name}" is async`);
  }
  const position = ends?.callback;
  const taken = position === undefined ? [] : flush.map((name) => takenBy(memberOf(name)) ?? Number.POSITIVE_INFINITY);
  const most = Math.max(...taken);
  if (position !== undefined && most <= position) {
    const what = most === 0 ? "no argument" : `a position below ${most}`;
    lines.push(`ends.callback: found ${position}, expected ${what}; when a flush without a callback ends is not known`);
  }
  return lines;
}
