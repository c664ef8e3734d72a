import { rolldown } from "rolldown";
import { DIST, ROOT } from "./layout.mjs";
import { ownFiles } from "./own-files.mjs";

/** Packages whose metrics live in a directory are not reported from inside a bundle, so nothing of this is reached there. */
const OUT_OF_REACH = /[\\/]src[\\/]multiprocess[\\/]/;

/** @type {import("rolldown").Plugin} */
const withoutMultiprocess = {
  name: "without-multiprocess",
  load: { filter: { id: OUT_OF_REACH }, handler: () => "export {};" },
};

/**
 * Makes one file with all it needs inside, dependencies too, in both formats: bundlers put it into bundles, and no other file of
 * ours is beside those.
 * @param {string} entry
 * @param {readonly string[]} targetFiles
 */
export async function insideBundles(entry, targetFiles) {
  const build = await rolldown({
    cwd: ROOT,
    input: entry,
    platform: "node",
    tsconfig: false,
    treeshake: { moduleSideEffects: "no-external" },
    plugins: [withoutMultiprocess, ownFiles(targetFiles, () => false, true)],
    onLog(level, log) {
      throw new Error(`${level}: ${log.message}`);
    },
  });
  for (const [format, extension] of /** @type {const} */ ([
    ["cjs", "cjs"],
    ["esm", "js"],
  ])) {
    await build.write({
      dir: DIST,
      format,
      strict: true,
      sourcemap: true,
      codeSplitting: false,
      entryFileNames: `[name].${extension}`,
    });
  }
}
