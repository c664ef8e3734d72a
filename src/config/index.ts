import { createRequire } from "node:module";
import type { Target } from "../target.js";
import type { Config } from "./config.js";
import { drain, logLevel, metrics, multiprocess, observes, targetChoice, variable, wholeNumber } from "./env.js";
import { environment } from "./environment.js";
import { findSource, mainFolder, type Source } from "./source.js";
import { isOff } from "./switch.js";
import { unknownVariables, VARIABLES } from "./variables.js";

export type { Config, DrainTrigger, MultiprocessConfig } from "./config.js";
export { bequeath } from "./environment.js";

type Env = Readonly<Record<string, string | undefined>>;

const require = createRequire(import.meta.url);

function workingDirectory(): string | undefined {
  try {
    return process.cwd();
  } catch {
    return undefined; // It was removed.
  }
}

/** On Windows the case of a name means nothing. */
const SAME_CASE = process.platform === "win32";

function unknownNames(env: Env): string[] {
  const unknown = unknownVariables(env).filter(
    (name) => !(SAME_CASE && unknownVariables({ [name.toUpperCase()]: "" }).length === 0),
  );
  if (unknown.length === 0) return [];
  const { didYouMean } = require("./nearest.js") as typeof import("./nearest.js");
  return unknown.map(
    (name) =>
      `${name}: found an unknown variable, expected one of flushguard's${didYouMean(name, VARIABLES)}; it is ignored`,
  );
}

function userTargets(source: Source | undefined, problems: string[]): readonly Target[] {
  if (source === undefined) return [];
  try {
    const file = require("./file.js") as typeof import("./file.js");
    if ("value" in source) return file.targetsIn(source.value, source.path, "flushguard", problems);
    return file.targetsOfFile(source.path, source.named === true, problems);
  } catch (error) {
    problems.push(`${source.path}: could not be looked at (${(error as Error).message}); using no targets of its own`);
    return [];
  }
}

/**
 * Reads the FLUSHGUARD variables, and the user's own targets from the file that FLUSHGUARD_CONFIG names, else from
 * flushguard.config.json or the "flushguard" key of package.json: those of the working directory, or those nearest to the
 * main script, at any level above it. Runs no code that it finds.
 * @param env the environment
 * @param cwd the working directory
 * @param main the folder of the main script
 * @returns the frozen configuration; wrong values are in `problems`, with defaults in their place. Never throws
 */
export function loadConfig(
  env: Env = environment(),
  cwd: string | undefined = workingDirectory(),
  main: string | undefined = mainFolder(),
): Config {
  const enabled = !isOff(env.FLUSHGUARD);
  const seen = enabled ? env : {};
  const problems = unknownNames(seen);
  const observe = observes(seen, problems);
  const { only, except } = targetChoice(seen, problems);
  return Object.freeze({
    enabled,
    observe,
    targets: Object.freeze({ only: only && Object.freeze(only), except: Object.freeze(except) }),
    metrics: Object.freeze(metrics(seen, problems)),
    logLevel: logLevel(seen, problems),
    flushTimeoutMs: wholeNumber(seen, "FLUSHGUARD_FLUSH_TIMEOUT_MS", "milliseconds", 30_000, 2_147_483_647, problems),
    maxHeld: wholeNumber(seen, "FLUSHGUARD_MAX_HELD", "calls", 100_000, 2 ** 32 - 1, problems),
    multiprocess: Object.freeze(multiprocess(seen, cwd, problems)),
    drain: Object.freeze(drain(seen, problems)),
    drainTimeoutMs: wholeNumber(seen, "FLUSHGUARD_DRAIN_TIMEOUT_MS", "milliseconds", 5_000, 2_147_483_647, problems),
    userTargets: Object.freeze(
      enabled ? userTargets(findSource(variable(seen, "FLUSHGUARD_CONFIG"), cwd, main, problems), problems) : [],
    ),
    problems: Object.freeze(problems),
  });
}

/**
 * What is wrong with FLUSHGUARD_TARGETS: names that no target has, and a choice that leaves none.
 * @param config the configuration
 * @param knownNames modules of the targets there are; those of the config file are added here
 * @returns one line for each such name, and one where nothing is left
 */
export function unknownTargets(config: Config, knownNames: Iterable<string>): string[] {
  const known = new Set([...knownNames, ...config.userTargets.map((target) => target.module)]);
  const { only, except } = config.targets;
  const unknown = [...(only ?? []), ...except].filter((name) => !known.has(name));
  const isEmpty =
    only === undefined
      ? except.length > 0 && [...known].every((name) => except.includes(name))
      : unknown.length === only.length;
  const nothing = isEmpty
    ? ["FLUSHGUARD_TARGETS: found a choice that leaves no client, expected at least one; nothing is guarded"]
    : [];
  if (unknown.length === 0) return nothing;
  const { didYouMean } = require("./nearest.js") as typeof import("./nearest.js");
  const lines = unknown.map(
    (name) =>
      `FLUSHGUARD_TARGETS: found ${JSON.stringify(name)}, expected the name of a target${didYouMean(name, known)}; ` +
      "this name is ignored",
  );
  return [...lines, ...nothing];
}
