import { rolldown } from "rolldown";
import { version } from "../dist/src/version.js";
import { globalsNow } from "./globals.mjs";
import { DIST, OPTIMIZATION, ROOT } from "./layout.mjs";

/** Packages whose metrics live in a directory are not reported from inside a bundle, so nothing of this is reached there. */
const OUT_OF_REACH = /[\\/]src[\\/]multiprocess[\\/]/;

/** @type {import("rolldown").Plugin} */
const withoutMultiprocess = {
  name: "without-multiprocess",
  load: { filter: { id: OUT_OF_REACH }, handler: () => "export {};" },
};

/** No file of ours is beside a bundle, also not the one that has the version. @type {import("rolldown").Plugin} */
const withVersion = {
  name: "with-version",
  load: {
    filter: { id: /[\\/]src[\\/]version\.ts$/ },
    handler: () => `export const version = () => ${JSON.stringify(version())};`,
  },
};

/** The handler of a function is being loaded by the time its own bundle could take hold of that. @type {import("rolldown").Plugin} */
const withoutLambda = {
  name: "without-lambda",
  load: {
    filter: { id: /[\\/]src[\\/]drain[\\/]lambda[\\/]index\.ts$/ },
    handler: () =>
      'import { log } from "../../log.js"; export const wrapHandler = () => ' +
      'log.warn("FLUSHGUARD_DRAIN: lambda: a handler that has the guard in its bundle is not drained; start with the preload");',
  },
};

/** Nor those that the others read ahead. @type {import("rolldown").Plugin} */
const withLater = {
  name: "with-later",
  load: {
    filter: { id: /[\\/]src[\\/](?:guard[\\/]later|draining-ahead)\.ts$/ },
    handler: (id) =>
      id.endsWith("later.ts")
        ? 'import * as all from "./in-flight.js"; export const inFlight = () => all;'
        : 'export const drainingAhead = () => () => require("./drain/index.js");',
  },
};

/**
 * Makes one ES module with all it needs inside, dependencies too: bundlers put it into bundles, for `require` as well, and no other
 * file of ours is beside those.
 * @param {string} entry
 * @param {readonly import("rolldown").Plugin[]} plugins
 */
export async function insideBundles(entry, plugins) {
  const build = await rolldown({
    cwd: ROOT,
    input: entry,
    platform: "node",
    tsconfig: false,
    treeshake: { moduleSideEffects: "no-external" },
    optimization: OPTIMIZATION,
    plugins: [withoutMultiprocess, withVersion, withoutLambda, withLater, ...plugins],
    onLog(level, log) {
      throw new Error(`${level}: ${log.message}`);
    },
  });
  const { output } = await build.write({
    dir: DIST,
    format: "esm",
    codeSplitting: false,
    intro: globalsNow(),
    // A bundler reads it: the sources and the other files have them. Licences stay.
    comments: { legal: true, annotation: true, jsdoc: false },
    entryFileNames: "[name].js",
  });
  const [{ code }] = output;
  if (code.includes("import.meta")) throw new Error(`${entry} asks for its URL, which a bundle in CommonJS has not`);
}
