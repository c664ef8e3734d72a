import type { BufferRule, MergeRule } from "../../target.js";

/**
 * How many records a buffer holds.
 * @returns undefined where its rule does not tell
 */
export function recordsIn(rule: MergeRule | BufferRule, buffer: unknown): number | undefined {
  if (buffer === undefined || buffer === null) return 0;
  return typeof rule === "object" ? rule.count?.(buffer as never) : count(rule, buffer);
}

/**
 * How many records some buffers hold together.
 * @returns undefined where a rule does not tell
 */
export function recordsInAll(
  buffers: readonly (readonly [rule: MergeRule | BufferRule, buffer: unknown])[],
): number | undefined {
  return buffers.reduce<number | undefined>((total, [rule, buffer]) => {
    const records = recordsIn(rule, buffer);
    return total === undefined || records === undefined ? undefined : total + records;
  }, 0);
}

function count(rule: MergeRule, buffer: unknown): number {
  if (typeof buffer === "number") return rule === "sum" ? buffer : 1;
  if (typeof buffer === "string") return buffer.split("\n").filter((line) => line !== "").length;
  if (typeof buffer !== "object" || buffer === null) return 1;
  if (Array.isArray(buffer)) return buffer.length;
  if (buffer instanceof Set) return buffer.size;
  const values: unknown[] = buffer instanceof Map ? [...buffer.values()] : Object.values(buffer);
  return values.reduce((total: number, value) => total + count(rule, value), 0);
}
