import { chunkFile, isOurs } from "./layout.mjs";

/** What our sources and the libraries inside use. None of it is made only as it is asked for, as `fetch` is. */
const NAMES = (
  "Array ArrayBuffer Atomics Boolean Buffer DataView Date Error FinalizationRegistry Float64Array Function Int32Array JSON Map Math " +
  "Number Object Promise Proxy Reflect RegExp Set SharedArrayBuffer String Symbol SyntaxError TypeError URL Uint16Array " +
  "Uint32Array Uint8Array WeakMap WeakRef WeakSet encodeURIComponent parseFloat process"
).split(" ");

/** What runs in no app. */
const ELSEWHERE =
  /[\\/]src[\\/](?:bundler|cli|export-patch|packages|proofs|report|runners|scan|multiprocess[\\/]reproduce|version\.ts$)/;

const STRICT = '"use strict";\n';

/**
 * Gives what runs in apps the globals that were there as the preload began: an app may take one away, or put its own in its place,
 * before it loads a client. On the first line, which no source map tells of.
 * @type {import("rolldown").Plugin}
 */
export const globalsAtStart = {
  name: "globals-at-start",
  generateBundle(_, bundle) {
    for (const chunk of Object.values(bundle)) {
      if (chunk.type !== "chunk" || !chunk.moduleIds.some((id) => isOurs(id) && !ELSEWHERE.test(id))) continue;
      if (!chunk.code.startsWith(STRICT)) throw new Error(`${chunk.fileName} does not begin with ${STRICT}`);
      chunk.code = `${STRICT.trim()} ${taken(chunk)}\n${chunk.code.slice(STRICT.length)}`;
    }
  },
};

/** @param {import("rolldown").OutputChunk} chunk */
function taken({ name, code }) {
  if (name === "preload") return `${globalsNow()} exports.globals = { ${NAMES.join(", ")} };`;
  const used = NAMES.filter((global) => new RegExp(`\\b${global}\\b`).test(code));
  return used.length === 0 ? "" : `const { ${used.join(", ")} } = require("./${chunkFile("preload")}").globals;`;
}

/** The same, for what is loaded at the start. */
export function globalsNow() {
  return `const { ${NAMES.join(", ")} } = globalThis;`;
}
