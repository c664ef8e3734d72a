import { createRequire } from "node:module";
import { mainFolder, workingFolder } from "../folders.js";
import { reasonOf } from "../reason-of.js";
import type { Target } from "../target.js";
import type { Config } from "./config.js";
import { didYouMean } from "./did-you-mean.js";
import { environment } from "./environment.js";
import { DEFAULTS, isLikeOurs, type Settings } from "./settings.js";
import { shown } from "./shown.js";
import { findSource, type Source } from "./source.js";
import { isOff } from "./switch.js";

export type { Config, DrainTrigger, MultiprocessConfig } from "./config.js";
export { bequeath } from "./environment.js";

type Env = Readonly<Record<string, string | undefined>>;

const require = createRequire(import.meta.url);

/** Most apps set none, and so spare the reading of what checks them. */
function settings(env: Env, cwd: string | undefined, problems: string[]): Settings {
  if (!Object.keys(env).some(isLikeOurs)) return DEFAULTS;
  const { settingsIn } = require("./env.js") as typeof import("./env.js");
  return settingsIn(env, cwd, problems);
}

function userTargets(source: Source | undefined, problems: string[]): readonly Target[] {
  if (source === undefined) return [];
  const { path, named = false, manifest } = source;
  try {
    const file = require("./file.js") as typeof import("./file.js");
    return manifest === undefined
      ? file.targetsOfFile(path, named, problems)
      : file.targetsOfManifest(manifest, path, problems);
  } catch (error) {
    problems.push(`${path}: could not be looked at (${reasonOf(error)}); using no targets of its own`);
    return [];
  }
}

/**
 * Reads the FLUSHGUARD variables, and the user's own targets from the file that FLUSHGUARD_CONFIG names, else from
 * flushguard.config.json or the "flushguard" key of package.json: those of the working directory, or those nearest to the
 * main script, at any level above it. Runs no code that it finds.
 * @returns the frozen configuration; wrong values are in `problems`, with defaults in their place. Never throws
 */
export function loadConfig(
  env: Env = environment(),
  cwd: string | undefined = workingFolder(),
  main: string | undefined = mainFolder(),
): Config {
  const enabled = !isOff(env.FLUSHGUARD);
  const problems: string[] = [];
  const { source: named, targets, ...asked } = settings(enabled ? env : {}, cwd, problems);
  const source = enabled ? (named ?? findSource(cwd, main, problems)) : undefined;
  const { only, except } = targets;
  return Object.freeze({
    ...asked,
    enabled,
    targets: Object.freeze({ only: only && Object.freeze(only), except: Object.freeze(except) }),
    metrics: Object.freeze(asked.metrics),
    multiprocess: Object.freeze(asked.multiprocess),
    drain: Object.freeze(asked.drain),
    userTargets: Object.freeze(userTargets(source, problems)),
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
  const { only, except } = config.targets;
  if (only === undefined && except.length === 0) return [];
  const known = new Set([...knownNames, ...config.userTargets.map((target) => target.module)]);
  const unknown = [...(only ?? []), ...except].filter((name) => !known.has(name));
  const isEmpty =
    only === undefined ? [...known].every((name) => except.includes(name)) : unknown.length === only.length;
  const nothing = isEmpty
    ? ["FLUSHGUARD_TARGETS: found a choice that leaves no client, expected at least one; nothing is guarded"]
    : [];
  if (unknown.length === 0) return nothing;
  const lines = unknown.map(
    (name) =>
      `FLUSHGUARD_TARGETS: found ${shown(name)}, expected the name of a target${didYouMean(name, known)}; ` +
      "this name is ignored",
  );
  return [...lines, ...nothing];
}
