import type { MergeRule } from "../../target.js";
import { isExact, type Rules } from "./shapes.js";

const RULES: readonly MergeRule[] = ["sum", "last", "append"];

function isList(buffer: unknown): boolean {
  return Array.isArray(buffer) || buffer instanceof Set;
}

/** The rules that join what is in a buffer; none where it has a shape of its own. */
function rightFor(buffer: unknown): MergeRule[] {
  return RULES.filter((rule) => isExact(rule, buffer) && (rule === "append" || !isList(buffer)));
}

/** A line for each rule of an owner's buffers that another would have to stand for. */
export function wrongRules(owner: Record<string, unknown>, rules: Rules): string[] {
  return rules.flatMap(([field, rule]) => {
    if (typeof rule === "object") return [];
    if (typeof owner[field] === "function") {
      return [`buffers.${field}: found a method, expected a field; record calls wait while a flush runs`];
    }
    const right = rightFor(owner[field]);
    if (right.length === 0 || right.includes(rule)) return [];
    const expected = right.map((one) => `"${one}"`).join(" or ");
    const now = isList(owner[field]) ? "it is appended" : "record calls wait while a flush runs";
    return [`buffers.${field}: found "${rule}", expected ${expected} for what is in it; ${now}`];
  });
}
