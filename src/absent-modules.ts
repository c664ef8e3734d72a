import { join } from "node:path";
import { didYouMean } from "./config/did-you-mean.js";
import type { Config } from "./config/index.js";
import { isAnyInstalled } from "./packages/installed.js";
import { packagesIn } from "./packages/packages-in.js";

/**
 * The user's targets whose package is not there.
 * @param isInstalled whether a package is; absent: as far as it can be found from the working directory and the main script
 * @returns one line for each
 */
export function absentModules(
  { userTargets }: Config,
  isInstalled: (module: string) => boolean = (module) => isAnyInstalled([module]),
): string[] {
  const absent = [...new Set(userTargets.map(({ module }) => module))].filter((module) => !isInstalled(module));
  if (absent.length === 0) return [];
  // What the app itself depends on, most likely.
  const known = packagesIn(join(process.cwd(), "node_modules"));
  return absent.map(
    (module) =>
      `targets: found module ${JSON.stringify(module)}, expected a package that is installed${didYouMean(module, known)}; only copies inside other packages are guarded`,
  );
}
