/** Makes what is published from the sources. tsc has made the declarations before, and what the unit tests import. */
import { mkdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { rolldown } from "rolldown";
import { COVERED } from "../dist/src/multiprocess/prom-client/covered.js";
import { fileOf, targets } from "../dist/src/targets/list.js";
import { compiledTargets } from "./compiled-targets.mjs";
import { publishDeclarations, publishForRequire } from "./declarations.mjs";
import { globalsAtStart } from "./globals.mjs";
import { inlineHelpers } from "./helpers.mjs";
import { insideBundles } from "./inside-bundles.mjs";
import { chunkFile, chunkName, DIST, isOurs, OPTIMIZATION, ROOT } from "./layout.mjs";
import { publishNotices } from "./notices.mjs";
import { ownFiles } from "./own-files.mjs";
import { plainExports } from "./plain-exports.mjs";
import { writeSchema } from "./schema.mjs";
import { smallLibraries } from "./small-libraries.mjs";
import { sharedBy, wings } from "./wings.mjs";

const source = (/** @type {string} */ path) => join(ROOT, "src", path);

/** What apps load. */
const IN_APPS = ["index.ts", "preload.ts"].map(source);
/** What else users import, require or run. */
const TOOLS = [
  "cli/main.ts",
  "bundler/index.ts",
  "bundler/loader.ts",
  "bundler/next.ts",
  "runners/jest.ts",
  "runners/vitest.ts",
].map(source);
/** As small as can be, so each with all it needs and without the rest: they run where nothing is guarded, and in Node's loader thread. */
const ALONE = ["register.ts", "hooks/loader-thread.ts", "drain/lambda/loader-thread.ts"].map(source);
/** What of it is an ES module too, by source. */
const STUBS = { index: "index", "bundler/index": "bundler", "bundler/next": "bundler-next" };
/** The clients whose metrics may be in files. */
const CLIENTS = source("multiprocess/prom-client/clients.ts");
/** What counts and guards nothing. */
const OBSERVER = source("observe/engine.ts");
/** What flushes, and what drains: read ahead, and run when a deploy may have replaced all that they would load. */
const [IN_FLIGHT, DRAIN] = ["guard/in-flight.ts", "drain/index.ts"].map(source);
/** What puts guarded methods in the place of a client's. */
const ENGINE = source("guard/engine.ts");
/** What an app reads first; then what patches or has metrics in files, or both; and next to what patches what flushes share with what observes, drains or wraps. */
const FIRST = {
  [source("preload.ts")]: [],
  [source("methods/wrap-method.ts")]: [[source("patch/patcher.ts"), CLIENTS]],
  [source("patch/patcher.ts")]: [
    [IN_FLIGHT, OBSERVER],
    [IN_FLIGHT, DRAIN],
    [IN_FLIGHT, ENGINE],
  ],
  [CLIENTS]: [],
};
/** Of those, what has a source map beside it. */
const MAPPED = ["register.ts", "preload.ts", "guard/in-flight.ts"].map(source);
/** Where in our sources what only commands need is, but for what an app reads first. */
const COMMANDS = /[\\/]src[\\/](?:cli|scan|proofs|report|export-patch|packages)[\\/]/;
/** The clients of several processes, which are no targets. */
const SHARED = Object.entries(COVERED).map(([module, versions]) => ({ module, versions }));
/** Loaded as they are installed. */
const INSTALLED = [/^semver(?:$|\/)/, "fs-native-extensions", "unplugin", "@jest/globals"];

/** The built-in targets, and the names of their files. */
const DECLARED = targets.flatMap(({ load }) => load());
const NAMES = targets.map(({ module }) => fileOf(module));

/** require-in-the-middle logs through it, which takes as long to load as all the rest. @type {import("rolldown").Plugin} */
const withoutDebug = {
  name: "without-debug",
  resolveId: (specifier) => (specifier === "debug" ? "\0debug" : undefined),
  load: (id) => (id === "\0debug" ? "module.exports = () => () => {};" : undefined),
};

/**
 * Chunks in CommonJS: linking ES modules takes longer, and only this way all of an app's `require` goes through the same cache.
 * @param {readonly string[]} entries
 * @param {boolean} alone whether without what they load later
 */
async function bundle(entries, alone) {
  const all = new Set(entries);
  const isNew = (/** @type {string} */ id) => !alone && !ALONE.includes(id) && !all.has(id) && Boolean(all.add(id));
  const build = await rolldown({
    cwd: ROOT,
    input: Object.fromEntries(entries.map((entry) => [chunkName(entry), entry])),
    platform: "node",
    tsconfig: false,
    external: INSTALLED,
    preserveEntrySignatures: "allow-extension",
    treeshake: { moduleSideEffects: "no-external" },
    optimization: OPTIMIZATION,
    plugins: [
      withoutDebug,
      ownFiles(NAMES, isNew),
      compiledTargets([...DECLARED, ...SHARED]),
      inlineHelpers,
      ...(alone ? [] : [globalsAtStart]),
      plainExports,
      smallLibraries,
    ],
    onLog(level, log) {
      throw new Error(`${level}: ${log.message}`);
    },
  });
  const { output } = await build.write({
    dir: DIST,
    format: "cjs",
    strict: true,
    sourcemap: true,
    entryFileNames: ({ name }) => chunkFile(name),
    chunkFileNames,
    codeSplitting: {
      includeDependenciesRecursively: false,
      groups: [wings(FIRST, all), sharedBy("cli-shared", COMMANDS, source("cli/main.ts"))],
    },
  });
  return output.flatMap((file) => (file.type === "chunk" ? [file] : []));
}

/** A chunk without modules is one that the bundler makes another the entry of in the end: the name is left to that. */
function chunkFileNames(/** @type {import("rolldown").PreRenderedChunk} */ { facadeModuleId: id, moduleIds, name }) {
  if (id && moduleIds.length === 0) return chunkFile(`${name}-entry`);
  return chunkFile(id && isOurs(id) ? chunkName(id) : name);
}

/** An ES module that loads a chunk by `require`: Node 20 and 22 are slow to translate a big CommonJS file for `import`. */
function writeStub(/** @type {string} */ name, /** @type {readonly string[]} */ exports, then = "") {
  const names = exports.length > 0 ? `export const { ${exports.join(", ")} } = ` : "";
  writeFileSync(
    join(DIST, `${name}.js`),
    `import { createRequire } from "node:module";\n${names}createRequire(import.meta.url)("./${name}.cjs");\n${then}`,
  );
}

/** The same as an ES module, which is given a `require`: on the first line, which no source map tells of. */
function writeAsEsModule(/** @type {string} */ name) {
  const code = readFileSync(join(DIST, `${name}.cjs`), "utf8");
  writeFileSync(
    join(DIST, `${name}.js`),
    code.replace(
      /^"use strict";/,
      'import { createRequire } from "node:module"; const require = createRequire(import.meta.url);',
    ),
  );
}

/** The other chunks that a chunk loads, at once or later. */
function loads(/** @type {import("rolldown").OutputChunk} */ { code }) {
  return [...code.matchAll(/["`]\.\/([\w.-]+\.cjs)["`]/g)].map(([, fileName = ""]) => fileName);
}

/** @param {readonly import("rolldown").OutputChunk[]} chunks */
function checkAllThere(chunks) {
  const files = new Set(chunks.map(({ fileName }) => fileName));
  for (const chunk of chunks) {
    const missing = loads(chunk).find((fileName) => !files.has(fileName));
    if (missing !== undefined) throw new Error(`${chunk.fileName} loads ${missing}, which is not there`);
  }
}

/** Publishes the source maps of what starts with an app and of what its flushes run: those of all would be a third of the bytes. The tests have all. */
function publishMaps(/** @type {readonly import("rolldown").OutputChunk[]} */ chunks) {
  const published = new Set(MAPPED.map((entry) => chunkFile(chunkName(entry))));
  mkdirSync(join(DIST, "src/maps"), { recursive: true });
  for (const { code, fileName, map } of chunks) {
    const path = join(DIST, `${fileName}.map`);
    if (published.has(fileName) && map) {
      writeFileSync(path, JSON.stringify({ ...map, sourcesContent: contentOf(map) }));
      continue;
    }
    renameSync(path, join(DIST, "src/maps", `${fileName}.map`));
    writeFileSync(join(DIST, fileName), code.replace(/\n\/\/# sourceMappingURL=.*\s*$/, ""));
  }
}

/** What is not ours is installed beside. */
function contentOf(/** @type {import("rolldown").SourceMap} */ { sources, sourcesContent }) {
  return sources.map((path, index) => (path.includes("node_modules") ? null : (sourcesContent?.[index] ?? null)));
}

const chunks = (
  await Promise.all([...ALONE.map((entry) => bundle([entry], true)), bundle([...IN_APPS, ...TOOLS], false)])
).flat();
checkAllThere(chunks);
publishNotices(chunks);
publishMaps(chunks);
for (const [entry, file] of Object.entries(STUBS)) {
  writeStub(file, chunks.find(({ name }) => name === file)?.exports ?? []);
  publishDeclarations(entry);
}
await insideBundles(source("bundled.ts"), [ownFiles(NAMES, () => false, true), compiledTargets(DECLARED)]);
writeAsEsModule("register");
for (const entry of ["register", "bundled", "runners/jest", "runners/vitest"]) publishDeclarations(entry);
publishForRequire("index");
writeStub("runners-vitest", ["started"], "await started;\n");
// What a bundle for another platform than Node gets of it.
writeFileSync(join(DIST, "without-node.js"), "export {};\n");
writeSchema();
