import { readdirSync, readFileSync } from "node:fs";
import { basename, join } from "node:path";
import { pathToFileURL } from "node:url";

/**
 * What the processes of a test have run of some files.
 * @param folder where they have written it, as NODE_V8_COVERAGE
 * @param files of `dist`, relative to it
 * @returns for each file that was loaded, `[from, to]` of every piece that was run
 */
export function coveredIn(folder, dist, files) {
  const run = new Map();
  const paths = new Map(files.map((file) => [pathToFileURL(join(dist, file)).href, file]));
  for (const name of readdirSync(folder)) {
    const { result } = JSON.parse(readFileSync(join(folder, name), "utf8"));
    for (const { url, functions } of result) {
      const file = paths.get(url);
      if (file === undefined) continue;
      const marks = new Uint8Array(functions[0].ranges[0].endOffset);
      // Outer ranges come first, and inner ones say more.
      for (const { ranges } of functions) {
        for (const { startOffset, endOffset, count } of ranges) marks.fill(count > 0 ? 1 : 0, startOffset, endOffset);
      }
      const all = run.get(file) ?? new Uint8Array(marks.length);
      for (const [offset, mark] of marks.entries()) all[offset] |= mark;
      run.set(file, all);
    }
  }
  return Object.fromEntries([...run].map(([file, marks]) => [file, piecesOf(marks)]));
}

/** The published files of `dist` that the processes of a test have loaded, by name. */
export function publishedIn(folder, dist) {
  const loaded = new Set();
  for (const name of readdirSync(folder)) {
    const { result } = JSON.parse(readFileSync(join(folder, name), "utf8"));
    for (const { url } of result) {
      if (url.endsWith(".cjs") && url === pathToFileURL(join(dist, basename(url))).href) loaded.add(basename(url));
    }
  }
  return [...loaded];
}

function piecesOf(marks) {
  const pieces = [];
  let from = -1;
  for (let offset = 0; offset <= marks.length; offset++) {
    if (marks[offset] === 1 && from < 0) from = offset;
    if (marks[offset] !== 1 && from >= 0) {
      pieces.push([from, offset]);
      from = -1;
    }
  }
  return pieces;
}

export const covers = (pieces, offset) => pieces?.some(([from, to]) => from <= offset && offset < to) ?? false;
