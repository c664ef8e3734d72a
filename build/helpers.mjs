import { minifySync } from "rolldown/utils";

const FILE = "rolldown-runtime.cjs";
const LOADED = `require("./${FILE}");`;

/**
 * Puts the few functions with which the bundler ties modules together into each chunk that uses them, on the line that would
 * load them: a file less to read.
 * @type {import("rolldown").Plugin}
 */
export const inlineHelpers = {
  name: "inline-helpers",
  generateBundle(_, bundle) {
    const helpers = bundle[FILE];
    if (helpers?.type !== "chunk") return;
    const { code } = minifySync(FILE, helpers.code, { mangle: false });
    const inlined = `((exports) => {${code} return exports;})({});`;
    for (const chunk of Object.values(bundle)) {
      if (chunk.type !== "chunk") continue;
      chunk.code = chunk.code.replace(`= ${LOADED}`, () => `= ${inlined}`).replace(LOADED, "");
    }
    delete bundle[FILE];
  },
};
