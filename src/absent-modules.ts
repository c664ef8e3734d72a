import { join } from "node:path";
import { didYouMean } from "./config/did-you-mean.js";
import type { Config } from "./config/index.js";
import { isAnyInstalled } from "./packages/installed.js";
import { packagesIn } from "./packages/packages-in.js";
import { SHARED_CLIENTS } from "./packages/shared-clients.js";

/** What the guard's own metrics go through. */
const METRIC_CLIENTS = { otel: "@opentelemetry/api", prom: "prom-client" };

type IsInstalled = (module: string) => boolean;

const isFound: IsInstalled = (module) => isAnyInstalled([module]);

/** A line for each of the modules of targets of the app's own that is not installed. */
export function absentModules(modules: readonly string[], isInstalled: IsInstalled = isFound): string[] {
  const absent = [...new Set(modules)].filter((module) => !isInstalled(module));
  if (absent.length === 0) return [];
  // What the app itself depends on, most likely.
  const known = packagesIn(join(process.cwd(), "node_modules"));
  return absent.map(
    (module) =>
      `targets: found module ${JSON.stringify(module)}, expected a package that is installed${didYouMean(module, known)}; only copies inside other packages are guarded`,
  );
}

/**
 * What the configuration is about and is not there.
 * @param isInstalled whether a package is; absent: as far as it can be found from the working directory and the main script
 * @returns one line for each
 */
export function absentPackages({ metrics, userTargets }: Config, isInstalled: IsInstalled = isFound): string[] {
  const modules = userTargets.map(({ module }) => module);
  const clients = metrics.map((system) => METRIC_CLIENTS[system]);
  return [
    ...absentModules(modules, isInstalled),
    ...absent("FLUSHGUARD_METRICS", metrics.join(), clients, isInstalled),
  ];
}

/**
 * The same of a directory for several processes, and of a choice of clients. What starts with the environment of a service, and is
 * none of it, has the variables too.
 * @param known the targets there are, by module: of other names it is told that they are none
 * @returns one line for each
 */
export function absentClients(
  { multiprocess, targets: { only = [] } }: Config,
  isInstalled: IsInstalled,
  known: ReadonlyMap<string, unknown>,
): string[] {
  const value = multiprocess?.directory ?? "";
  return [
    ...absent("FLUSHGUARD_MULTIPROCESS_DIR", value, multiprocess === undefined ? [] : SHARED_CLIENTS, isInstalled),
    ...absent(
      "FLUSHGUARD_TARGETS",
      only.join(),
      only.filter((name) => known.has(name)),
      isInstalled,
      "are guarded",
    ),
  ];
}

/** @param outcome what becomes of copies that are elsewhere */
function absent(
  variable: string,
  value: string,
  packages: readonly string[],
  isInstalled: IsInstalled,
  outcome = "have metrics",
): string[] {
  if (packages.length === 0 || packages.some(isInstalled)) return [];
  const expected = `expected ${packages.join(" or ")} to be installed`;
  return [
    `${variable}: found ${JSON.stringify(value)}, ${expected}; only copies in bundles and inside other packages ${outcome}`,
  ];
}
