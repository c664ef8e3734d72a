import { existsSync, readFileSync } from "node:fs";
import { dirname, join, relative, resolve, sep } from "node:path";
import { fileURLToPath } from "node:url";

export const ROOT = fileURLToPath(new URL("..", import.meta.url));
/** What is published. What tsc makes, file by file and for the unit tests, is in `src` under it. */
export const DIST = join(ROOT, "dist");

const SRC = join(ROOT, "src");
export const COMPILED = join(DIST, "src");

const MANIFEST = readFileSync(join(ROOT, "package.json"), "utf8");
const VERSION = JSON.parse(MANIFEST).version;
/** The chunks that package.json names. */
const NAMED = new Set([...MANIFEST.matchAll(/"(?:\.\/)?dist\/([\w-]+)\.cjs"/g)].map(([, name]) => name));

/**
 * File of a chunk. What is loaded late is of the version that a process runs by, or not there: a deploy may have replaced the
 * package by then.
 * @param {string} name
 */
export function chunkFile(name) {
  return NAMED.has(name) ? `${name}.cjs` : `${name}-${VERSION}.cjs`;
}

/** @param {string | undefined} id path of a module */
export function isOurs(id) {
  return id?.startsWith(SRC + sep) === true;
}

/**
 * The source behind a relative specifier.
 * @param {string} specifier
 * @param {string} importer path of one of our sources
 */
export function sourceOf(specifier, importer) {
  const source = resolve(dirname(importer), specifier).replace(/\.js$/, ".ts");
  return isOurs(source) && existsSync(source) ? source : undefined;
}

/**
 * Name of the chunk that a source is the entry of: its path, without folders, as all chunks are in one.
 * @param {string} source
 */
export function chunkName(source) {
  return relative(SRC, source)
    .replace(/\.ts$/, "")
    .replace(/[\\/]index$/, "")
    .replaceAll(sep, "-");
}

/**
 * What is meant by a relative URL in a compiled source, seen from the folder of the chunks.
 * @param {string} url
 * @param {string} importer path of the source
 */
export function fromChunks(url, importer) {
  const compiled = join(COMPILED, relative(SRC, dirname(importer)));
  const seen = relative(DIST, join(compiled, url)).replaceAll(sep, "/");
  return seen.startsWith("../") ? seen : `./${seen}`;
}

/**
 * Without the parentheses that make V8 compile every module of a chunk as the chunk is read: of the targets an app needs one.
 * @type {import("rolldown").InputOptions["optimization"]}
 */
export const OPTIMIZATION = { pifeForModuleWrappers: false };
