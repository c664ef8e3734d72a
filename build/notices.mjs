import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { DIST } from "./layout.mjs";

const PACKAGE = /^.*[\\/]node_modules[\\/](?:@[^\\/]+[\\/])?[^\\/]+/;

const FILE = join(DIST, "THIRD-PARTY-NOTICES.txt");
const SEPARATOR = `\n${"-".repeat(80)}\n\n`;
const HEADING = /^(\S+) (\S+), (.+)$/;

/**
 * Publishes the licences of the packages that are in the chunks.
 * @param {readonly import("rolldown").OutputChunk[]} chunks
 * @throws where a package has no text of its licence
 */
export function publishNotices(chunks) {
  const folders = new Set(chunks.flatMap(({ moduleIds }) => moduleIds.flatMap((id) => folderOf(id) ?? [])));
  const head = "Files of this package contain code of the following packages.\n";
  writeFileSync(FILE, [head, ...[...folders].map(noticeOf).sort()].join(SEPARATOR));
}

/** The packages whose licences are published. */
export function noticedPackages() {
  const [, ...notices] = readFileSync(FILE, "utf8").split(SEPARATOR);
  return notices.map((notice) => {
    const [, name = "", version = "", license = ""] = HEADING.exec(notice.slice(0, notice.indexOf("\n"))) ?? [];
    return { name, version, license };
  });
}

function folderOf(/** @type {string} */ id) {
  return id.startsWith("\0") ? undefined : PACKAGE.exec(id)?.[0];
}

function noticeOf(/** @type {string} */ folder) {
  const { name, version, license } = JSON.parse(readFileSync(join(folder, "package.json"), "utf8"));
  const file = readdirSync(folder).find((entry) => /^licen[cs]e/i.test(entry));
  if (file === undefined) throw new Error(`${name} ${version} has no text of its licence`);
  return `${name} ${version}, ${license}\n\n${readFileSync(join(folder, file), "utf8").trim()}\n`;
}
