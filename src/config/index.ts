import { existsSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join, resolve } from "node:path";
import type { Target } from "../target.js";
import type { Config } from "./config.js";
import { logLevel, metrics, multiprocess, observes, targetChoice, variable, wholeNumber } from "./env.js";
import { environment } from "./environment.js";
import { isOff } from "./switch.js";

export type { Config, MultiprocessConfig } from "./config.js";
export { bequeath } from "./environment.js";

const require = createRequire(import.meta.url);

/** Where the user's own targets are: a file to read, or a value already read from package.json. */
interface Source {
  path: string;
  /** The user named the file, so it has to be there. */
  named?: boolean;
  value?: unknown;
}

function workingDirectory(): string | undefined {
  try {
    return process.cwd();
  } catch {
    return undefined; // It was removed.
  }
}

function packageKey(path: string): unknown {
  try {
    const manifest: unknown = JSON.parse(readFileSync(path, "utf8"));
    return (manifest as { flushguard?: unknown } | null)?.flushguard;
  } catch {
    return undefined; // Not there, or broken: not for this package to judge.
  }
}

function findSource(named: string | undefined, cwd: string | undefined): Source | undefined {
  if (named !== undefined) return { path: cwd === undefined ? named : resolve(cwd, named), named: true };
  if (cwd === undefined) return undefined;
  const path = join(cwd, "flushguard.config.json");
  if (existsSync(path)) return { path };
  const manifest = join(cwd, "package.json");
  const value = packageKey(manifest);
  return value === undefined ? undefined : { path: manifest, value };
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
 * flushguard.config.json, else from the "flushguard" key of package.json. Runs no code of the working directory.
 * @param env the environment
 * @param cwd the directory that holds the files
 * @returns the frozen configuration; wrong values are in `problems`, with defaults in their place. Never throws
 */
export function loadConfig(
  env: Readonly<Record<string, string | undefined>> = environment(),
  cwd: string | undefined = workingDirectory(),
): Config {
  const enabled = !isOff(env.FLUSHGUARD);
  const seen = enabled ? env : {};
  const problems: string[] = [];
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
    userTargets: Object.freeze(
      enabled ? userTargets(findSource(variable(seen, "FLUSHGUARD_CONFIG"), cwd), problems) : [],
    ),
    problems: Object.freeze(problems),
  });
}

/**
 * The names in FLUSHGUARD_TARGETS that no target has.
 * @param config the configuration
 * @param knownNames modules of the targets there are; those of the config file are added here
 * @returns one line for each such name
 */
export function unknownTargets(config: Config, knownNames: Iterable<string>): string[] {
  const known = new Set([...knownNames, ...config.userTargets.map((target) => target.module)]);
  const unknown = [...(config.targets.only ?? []), ...config.targets.except].filter((name) => !known.has(name));
  if (unknown.length === 0) return [];
  const { didYouMean } = require("./nearest.js") as typeof import("./nearest.js");
  return unknown.map(
    (name) =>
      `FLUSHGUARD_TARGETS: found ${JSON.stringify(name)}, expected the name of a target${didYouMean(name, known)}; ` +
      "this name is ignored",
  );
}
