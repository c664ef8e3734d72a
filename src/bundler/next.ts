import { fileURLToPath } from "node:url";
import { log } from "../log.js";
import { namedFiles, pathPattern } from "../named-files.js";

type Rules = Record<string, unknown>;

/** The part of Next's webpack configuration that is added to. */
interface WebpackConfig {
  module: { rules: unknown[] };
}

/** The parts of Next's configuration that are added to. */
interface Parts {
  webpack?: ((config: never, context: never) => unknown) | null | undefined;
  turbopack?: { rules?: Rules } | undefined;
}

/** A configuration that has none of them is one, too: TypeScript asks for a part in common, unless it is any object as well. */
type NextConfig = Parts & object;

const LOADER = fileURLToPath(new URL("./loader.js", import.meta.url));

/** The packages there are targets for. As `serverExternalPackages` Next leaves them out of its bundles, for the preload to see. */
export const clientPackages: readonly string[] = [...namedFiles(log.warn).keys()];

/** What Next takes: a configuration, a promise of one, or a function that makes either. */
type Given = NextConfig | Promise<NextConfig> | ((...about: never[]) => NextConfig | Promise<NextConfig>);

/**
 * Lets the clients in the server bundles of a Next app tell the guard of themselves, built by webpack or by Turbopack.
 * @param config the app's
 * @returns a configuration that adds a loader to it
 */
export function withFlushguard<Config extends Given>(config: Config = {} as Config): Config {
  return withLoader(config) as Config;
}

function withLoader(config: Given): Given {
  if (typeof config === "function") return async (...about) => added(await config(...about));
  return config instanceof Promise ? config.then(added) : added(config);
}

function added(config: NextConfig): NextConfig {
  const webpack = (built: WebpackConfig, context: unknown): unknown => {
    built.module.rules.push({ test: pathPattern(clientPackages), enforce: "pre", use: [LOADER] });
    return config.webpack ? config.webpack(built as never, context as never) : built;
  };
  return {
    ...config,
    webpack,
    turbopack: { ...config.turbopack, rules: { ...turbopackRules(), ...config.turbopack?.rules } },
  };
}

/** By file: every file that a rule matches costs a call to another process. */
function turbopackRules(): Rules {
  const patterns = [...namedFiles()].flatMap(([module, { files }]) =>
    files.map((file = "**/*.js") => `**/node_modules/${module}/${file}`),
  );
  return Object.fromEntries(patterns.map((pattern) => [pattern, { loaders: [LOADER] }]));
}
