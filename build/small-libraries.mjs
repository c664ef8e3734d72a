import { minifySync } from "rolldown/utils";

const KEPT = { compress: false, mangle: false };
/**
 * Chunks that nobody reads: the parser of `scan` and `export-patch`, whose tables have a line for each number, what walks what it
 * gives, what reads globs, the texts of `export-patch` and the page of `verify --report`.
 */
const ALONE = new Set(["acorn", "walk", "picomatch", "export-patch", "page"]);

/**
 * Takes the comments out of libraries, and the space too out of these chunks. Names stay.
 * @type {import("rolldown").Plugin}
 */
export const smallLibraries = {
  name: "small-libraries",
  transform: {
    filter: { id: /[\\/]node_modules[\\/].*\.[cm]?js$/ },
    handler(code, id) {
      const { code: small, map } = minifySync(id, code, { ...KEPT, sourcemap: true });
      return map === undefined ? { code: small } : { code: small, map };
    },
  },
  generateBundle(_, bundle) {
    for (const chunk of Object.values(bundle)) {
      if (chunk.type !== "chunk" || !ALONE.has(chunk.name)) continue;
      chunk.code = minifySync(chunk.fileName, chunk.code, KEPT).code;
    }
  },
};
