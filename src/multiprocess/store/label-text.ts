import { threadId } from "node:worker_threads";
import { type Identity, pidNamespace } from "./identity.js";

export type Labels = Readonly<Record<string, unknown>>;

/** Labels of a series: in the text format, by name, which is the same in all processes, and in which order the app has them. */
export interface LabelText {
  text: string;
  /** For each label as the app has them its place by name. Undefined where it is the same. */
  order: Uint8Array | undefined;
}

/** In the text format, in the order that they have. */
export function labelText(labels: Labels): string {
  return Object.keys(labels)
    .map((name) => `${name}="${escaped(String(labels[name]))}"`)
    .join();
}

export function sortedLabelText(labels: Labels): LabelText {
  const names = Object.keys(labels);
  const sorted = [...names].sort();
  const text = sorted.map((name) => `${name}="${escaped(String(labels[name]))}"`).join();
  if (names.length > 255 || names.every((name, i) => name === sorted[i])) return { text, order: undefined };
  return { text, order: Uint8Array.from(names, (name) => sorted.indexOf(name)) };
}

/** The text in the order of the app. */
export function inOrder(text: string, order: Uint8Array | undefined): string {
  if (order === undefined) return text;
  const labels = text.match(/[^,"]+="(?:[^"\\]|\\.)*"/gs) ?? [];
  return Array.from(order, (place) => labels[place] ?? "").join();
}

/** The labels, and the process, where every process has a series of its own: told apart from one that the app has set. */
export function withProcess(labels: Labels): Labels {
  let moved = "pid";
  while (moved in labels) moved = `exported_${moved}`;
  const renamed = Object.entries(labels).map(([name, value]) => [name === "pid" ? moved : name, value]);
  return { ...Object.fromEntries(renamed), pid: nameOf({ pid: process.pid, threadId, namespace: pidNamespace() }) };
}

/** Of the first pid namespace, which is the machine's: https://github.com/torvalds/linux/blob/v6.12/include/linux/proc_ns.h */
const MACHINE = "pid:[4026531836]";

/** Told by the process alone, so that its series keeps its name: `12`, for a thread `12-3`, in a container `12@4026532211`. */
function nameOf({ pid, threadId, namespace }: Pick<Identity, "pid" | "threadId" | "namespace">): string {
  const name = threadId === 0 ? String(pid) : `${pid}-${threadId}`;
  return namespace === "" || namespace === MACHINE ? name : `${name}@${namespace.replace(/\D/g, "")}`;
}

function escaped(value: string): string {
  if (!/["\\\n]/.test(value)) return value;
  return value.replaceAll("\\", "\\\\").replaceAll("\n", "\\n").replaceAll('"', '\\"');
}
