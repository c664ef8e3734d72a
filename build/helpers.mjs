import { minifySync } from "rolldown/utils";
import { chunkFile } from "./layout.mjs";

const FILE = chunkFile("rolldown-runtime");
const LOADED = `require("./${FILE}");`;
const EXPORTED = /^Object\.defineProperty\(exports, "\w+", \{[\s\S]*?\n\}\);$/gm;

/**
 * Puts the few functions with which the bundler ties modules together into each chunk that uses them, on the line that would
 * load them: a file less to read. A chunk gets those that it calls, and what these call.
 * @type {import("rolldown").Plugin}
 */
export const inlineHelpers = {
  name: "inline-helpers",
  generateBundle(_, bundle) {
    const helpers = bundle[FILE];
    if (helpers?.type !== "chunk") return;
    const functions = helpers.code.replace(EXPORTED, "");
    for (const chunk of Object.values(bundle)) {
      if (chunk.type !== "chunk") continue;
      const called = new Set([...chunk.code.matchAll(/\brequire_rolldown_runtime\.(\w+)/g)].map(([, name]) => name));
      chunk.code = chunk.code
        .replace(`= ${LOADED}`, () => `= ${only([...called].join(), functions)}`)
        .replace(LOADED, "");
    }
    delete bundle[FILE];
  },
};

/** @returns an expression that gives an object of these functions */
function only(/** @type {string} */ names, /** @type {string} */ functions) {
  const { code } = minifySync(FILE, `export const helpers = (() => {${functions} return { ${names} }; })();`, {
    mangle: false,
  });
  return code.replace(/^export const helpers=/, "").replace(/;?\s*export\s*\{.*$/, ";");
}
