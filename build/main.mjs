/** Makes what is published from the sources. tsc has made the declarations before, and what the unit tests import. */
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { rolldown } from "rolldown";
import { fileOf, targets } from "../dist/src/targets/list.js";
import { publishDeclarations } from "./declarations.mjs";
import { helpersIn } from "./helpers.mjs";
import { insideBundles } from "./inside-bundles.mjs";
import { chunkName, DIST, isOurs, ROOT } from "./layout.mjs";
import { ownFiles } from "./own-files.mjs";
import { writeSchema } from "./schema.mjs";
import { wings } from "./wings.mjs";

const source = (/** @type {string} */ path) => join(ROOT, "src", path);

/** What users import, require or run. */
const ENTRIES = [
  "index.ts",
  "preload.ts",
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
const STUBS = { register: "register", index: "index", "bundler/index": "bundler", "bundler/next": "bundler-next" };
/** What an app reads first. */
const FIRST = ["preload.ts", "patch/patcher.ts"].map(source);
/** Loaded as they are installed. */
const INSTALLED = [/^semver(?:$|\/)/, "fs-native-extensions", "unplugin", "@jest/globals"];

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
    plugins: [withoutDebug, ownFiles(targets.map(nameOfTarget), isNew), helpersIn("preload.cjs")],
    onLog(level, log) {
      throw new Error(`${level}: ${log.message}`);
    },
  });
  const { output } = await build.write({
    dir: DIST,
    format: "cjs",
    strict: true,
    sourcemap: true,
    entryFileNames: "[name].cjs",
    chunkFileNames,
    codeSplitting: { includeDependenciesRecursively: false, groups: [wings(FIRST, all)] },
  });
  return output.flatMap((file) => (file.type === "chunk" ? [file] : []));
}

/** A chunk without modules is one that the bundler makes another the entry of in the end: the name is left to that. */
function chunkFileNames(/** @type {import("rolldown").PreRenderedChunk} */ { facadeModuleId: id, moduleIds, name }) {
  if (id && moduleIds.length === 0) return `${name}-entry.cjs`;
  return `${id && isOurs(id) ? chunkName(id) : name}.cjs`;
}

function nameOfTarget(/** @type {{ module: string }} */ { module }) {
  return fileOf(module);
}

/** An ES module that loads a chunk by `require`: Node 20 and 22 are slow to translate a big CommonJS file for `import`. */
function writeStub(/** @type {string} */ name, /** @type {readonly string[]} */ exports, then = "") {
  const names = exports.length > 0 ? `export const { ${exports.join(", ")} } = ` : "";
  writeFileSync(
    join(DIST, `${name}.js`),
    `import { createRequire } from "node:module";\n${names}createRequire(import.meta.url)("./${name}.cjs");\n${then}`,
  );
}

/** @param {readonly import("rolldown").OutputChunk[]} chunks */
function checkAllThere(chunks) {
  const files = new Set(chunks.map(({ fileName }) => fileName));
  for (const { fileName, code } of chunks) {
    for (const [, named = ""] of code.matchAll(/["`]\.\/([\w-]+\.cjs)["`]/g)) {
      if (!files.has(named)) throw new Error(`${fileName} loads ${named}, which is not there`);
    }
  }
}

const chunks = (await Promise.all([...ALONE.map((entry) => bundle([entry], true)), bundle(ENTRIES, false)])).flat();
checkAllThere(chunks);
for (const [entry, file] of Object.entries(STUBS)) {
  writeStub(file, chunks.find(({ name }) => name === file)?.exports ?? []);
  publishDeclarations(entry);
}
await insideBundles(source("bundled.ts"), targets.map(nameOfTarget));
for (const entry of ["bundled", "runners/jest", "runners/vitest"]) publishDeclarations(entry);
writeStub("runners-vitest", ["started"], "await started;\n");
// What a bundle for another platform than Node gets of it.
writeFileSync(join(DIST, "without-node.js"), "export {};\n");
writeSchema();
