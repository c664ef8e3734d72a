import { minifySync } from "rolldown/utils";

const LIBRARIES = new Set(["acorn", "picomatch"]);

/**
 * Takes the space and the comments out of libraries that are chunks of their own: the parser of `scan` and `export-patch`, whose
 * tables have a line for each number, and what reads globs. Names stay.
 * @type {import("rolldown").Plugin}
 */
export const smallLibraries = {
  name: "small-libraries",
  generateBundle(_, bundle) {
    for (const chunk of Object.values(bundle)) {
      if (chunk.type !== "chunk" || !LIBRARIES.has(chunk.name)) continue;
      chunk.code = minifySync(chunk.fileName, chunk.code, { compress: false, mangle: false }).code;
    }
  },
};
