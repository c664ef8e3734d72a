import { type Meta, modeOf } from "../meta.js";
import type { Identity } from "../store/identity.js";
import { bad, newer } from "./bad-file.js";

/** What a record holds as JSON. */
export function jsonOf(key: Buffer): Record<string, unknown> {
  let value: unknown;
  try {
    value = JSON.parse(key.toString());
  } catch {
    bad("a record is not JSON");
  }
  return typeof value === "object" && value !== null
    ? (value as Record<string, unknown>)
    : bad("a record is no object");
}

export function identityOf(key: Buffer): Identity {
  const { pid, started, threadId, random, namespace, locked, before = [] } = jsonOf(key);
  const whole = Number.isInteger(pid) && Number.isInteger(threadId) && typeof locked === "boolean";
  if (!whole || [started, random, namespace].some((value) => typeof value !== "string")) bad("no identity");
  if (!Array.isArray(before) || before.some((name) => typeof name !== "string")) bad("no files before");
  return { pid, started, threadId, random, namespace, locked, before } as Identity;
}

const TYPES: readonly unknown[] = ["counter", "gauge", "histogram", "summary"];

export function metaOf(key: Buffer): Meta {
  const { name, help, type, mode, buckets, registry } = jsonOf(key);
  if (typeof name !== "string" || !/^[a-zA-Z_:][\w:]*$/.test(name)) bad("a metric has no name");
  if (typeof help !== "string" || typeof type !== "string") bad("a metric has no type or help");
  if (!TYPES.includes(type)) newer("a metric is of no known type");
  if (type === "gauge" ? typeof mode !== "string" : mode !== undefined && typeof mode !== "string")
    bad("it has no mode");
  if (mode !== undefined && modeOf(type as Meta["type"], mode) === undefined) newer("a metric has no known mode");
  if (type === "histogram" && !areBounds(buckets)) bad("a histogram has no buckets");
  if (registry !== undefined && registry !== "custom") newer("a metric is in no known registry");
  return { name, help, type, mode, buckets, registry } as Meta;
}

function areBounds(value: unknown): boolean {
  return (
    Array.isArray(value) &&
    value.every((bound: unknown, i) => typeof bound === "number" && (i === 0 || bound > (value[i - 1] as number)))
  );
}
