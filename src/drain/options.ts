import { didYouMean } from "../config/did-you-mean.js";
import { shown } from "../config/shown.js";
import { reasonOf } from "../reason-of.js";
import type { DrainOptions } from "./result.js";

const NAMES: readonly string[] = ["timeoutMs", "targets"] satisfies (keyof DrainOptions)[];

/** Checks what `drain()` was asked for: what is wrong is a line, and as if it were absent. */
export function checkedOptions(
  options: DrainOptions,
  timeoutMs: number,
): Required<Pick<DrainOptions, "timeoutMs">> & {
  targets: readonly string[] | undefined;
  problems: string[];
} {
  const problems: string[] = [];
  const given = read(options, problems);
  const checked = { timeoutMs, targets: undefined as readonly string[] | undefined, problems };
  if (typeof given.timeoutMs === "number" && given.timeoutMs > 0) checked.timeoutMs = given.timeoutMs;
  else if (given.timeoutMs !== undefined) {
    const expected = "a number of milliseconds over 0";
    problems.push(`drain().timeoutMs: found ${shown(given.timeoutMs)}, expected ${expected}; using ${timeoutMs}`);
  }
  if (Array.isArray(given.targets) && given.targets.every((name) => typeof name === "string")) {
    checked.targets = given.targets;
  } else if (given.targets !== undefined) {
    problems.push(`drain().targets: found ${shown(given.targets)}, expected a list of names; draining every client`);
  }
  return checked;
}

/** A list is copied: the app may change its own while it is drained. */
function read(options: unknown, problems: string[]): { timeoutMs?: unknown; targets?: unknown } {
  if (options === undefined || options === null) return {};
  if (typeof options !== "object" || Array.isArray(options)) {
    problems.push(`drain(): found ${shown(options)}, expected options; draining every client`);
    return {};
  }
  try {
    const { timeoutMs, targets } = options as Record<string, unknown>;
    problems.push(...misspelt(options));
    return { timeoutMs, targets: Array.isArray(targets) ? [...targets] : targets };
  } catch (error) {
    problems.push(`drain(): its options cannot be read (${shown(reasonOf(error))}); draining every client`);
    return {};
  }
}

/** Names that look like those of options: a hook that is `drain` itself is called with an app, say, which has others. */
function misspelt(options: object): string[] {
  const others = Object.keys(options).filter((name) => !NAMES.includes(name));
  const meant = others.map((name) => ({ name, hint: didYouMean(name, NAMES) })).filter(({ hint }) => hint !== "");
  return meant.map(({ name, hint }) => `drain().${name}: is no option${hint}; it is ignored`);
}
