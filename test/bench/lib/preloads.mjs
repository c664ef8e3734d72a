import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { targets } from "../../../dist/src/targets/list.js";
import { installedPath, REGISTER } from "./paths.mjs";

/**
 * What a preload is measured beside: one that does nothing, and require-in-the-middle alone, as it is for the same packages.
 * @param {string} cwd where they are written
 * @returns {{ empty: string, hook: string, flushguard: string }} for `--import`
 */
export function writePreloads(cwd) {
  const [empty, hook] = [join(cwd, "empty.mjs"), join(cwd, "hook.mjs")];
  writeFileSync(empty, "");
  const names = JSON.stringify(targets.map(({ module }) => module));
  writeFileSync(
    hook,
    `import { createRequire } from "node:module";
const { Hook } = createRequire(import.meta.url)(${JSON.stringify(installedPath("require-in-the-middle"))});
new Hook(${names}, { internals: true }, (exports) => exports);\n`,
  );
  return { empty, hook, flushguard: REGISTER };
}
