import { allTargets, hookedModule } from "./chosen-targets.js";
import { loadConfig } from "./config/index.js";

/** What of a package its targets are about. */
export interface NamedFiles {
  /** Paths or globs inside the package; undefined for any file of it. */
  files: readonly (string | undefined)[];
  /** Exported functions that may have to be replaced in an ES module. */
  functions: readonly string[];
}

/**
 * Of all packages that there are targets for, the app's own in the working directory's configuration among them, by name.
 * @param tell takes a line for each thing that is wrong with the configuration
 */
export function namedFiles(tell?: (problem: string) => void): Map<string, NamedFiles> {
  // What is switched off where the app is built may be on where it runs.
  const { FLUSHGUARD: _, ...env } = process.env;
  const config = loadConfig(env);
  for (const problem of config.problems) tell?.(problem);
  const packages = new Map<string, NamedFiles>();
  for (const [module, entries] of allTargets(config)) {
    const files = entries.flatMap((entry) => entry.load()).map(({ file }) => file);
    packages.set(module, { files, functions: hookedModule(module, entries).replaceable ?? [] });
  }
  return packages;
}

/** Matches the paths of the files of packages. */
export function pathPattern(names: Iterable<string>): RegExp {
  const alternatives = [...names].map((name) => name.replace(/[.*+?^${}()|[\]\\]/g, "\\$&").replace("/", "[\\\\/]"));
  return new RegExp(`[\\\\/]node_modules[\\\\/](?:${alternatives.join("|")})[\\\\/].*\\.[cm]?js(?:$|\\?)`);
}
