import { minifySync } from "rolldown/utils";

/**
 * Takes the space out of the parser of `scan` and `export-patch`, whose tables have a line for each number. Names stay.
 * @type {import("rolldown").Plugin}
 */
export const smallParser = {
  name: "small-parser",
  generateBundle(_, bundle) {
    for (const chunk of Object.values(bundle)) {
      if (chunk.type !== "chunk" || chunk.name !== "acorn") continue;
      chunk.code = minifySync(chunk.fileName, chunk.code, { compress: false, mangle: false }).code;
    }
  },
};
