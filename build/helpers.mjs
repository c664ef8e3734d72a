import { minifySync } from "rolldown/utils";

const FILE = "rolldown-runtime.cjs";
const LOADED = `= require("./${FILE}");`;

/**
 * Puts the few functions with which the bundler ties modules together into a chunk of their own into another chunk too, on
 * the line that loads them: a file less to read.
 * @param {string} fileName of that other chunk
 * @returns {import("rolldown").Plugin}
 */
export function helpersIn(fileName) {
  return {
    name: "helpers-inside",
    generateBundle(_, bundle) {
      const { [FILE]: helpers, [fileName]: chunk } = bundle;
      if (helpers?.type !== "chunk" || chunk?.type !== "chunk") return;
      const { code } = minifySync(FILE, helpers.code, { mangle: false });
      chunk.code = chunk.code.replace(LOADED, () => `= ((exports) => {${code} return exports;})({});`);
    },
  };
}
