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
export function absentPackages(config: Config, isInstalled: IsInstalled = isFound): string[] {
  const lines = absentModules(
    config.userTargets.map(({ module }) => module),
    isInstalled,
  );
  const need = (variable: string, value: string | undefined, packages: readonly string[]): void => {
    if (value === undefined || packages.some(isInstalled)) return;
    const expected = `expected ${packages.join(" or ")} to be installed`;
    lines.push(
      `${variable}: found ${JSON.stringify(value)}, ${expected}; only copies in bundles and inside other packages have metrics`,
    );
  };
  const systems = config.metrics.length === 0 ? undefined : config.metrics.join();
  need(
    "FLUSHGUARD_METRICS",
    systems,
    config.metrics.map((system) => METRIC_CLIENTS[system]),
  );
  need("FLUSHGUARD_MULTIPROCESS_DIR", config.multiprocess?.directory, SHARED_CLIENTS);
  return lines;
}
