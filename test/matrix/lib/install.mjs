import { existsSync, mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { run } from "./command.mjs";

const CACHE = join(tmpdir(), "flushguard-matrix");
const TIMEOUT_MS = 240_000;
const ARGS = ["install", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"];

/** @param {import("./entries.mjs").Entry} entry */
function manifestOf({ module, version, companions }) {
  return JSON.stringify({ private: true, dependencies: { [module]: version, ...companions } });
}

/** @param {string} folder @param {string} manifest */
function holds(folder, manifest) {
  const file = join(folder, "package.json");
  return existsSync(file) && readFileSync(file, "utf8") === manifest;
}

/**
 * Installs an entry in a folder of its own, or finds it installed. A folder has its name only once it is complete.
 * @param {import("./entries.mjs").Entry} entry
 * @returns {Promise<string>} the folder. Rejects with what npm says when it cannot install
 */
export async function installed(entry) {
  const folder = join(CACHE, `${entry.module.replace("/", "+")}@${entry.version}`);
  const manifest = manifestOf(entry);
  if (holds(folder, manifest)) return folder;

  mkdirSync(CACHE, { recursive: true });
  const unfinished = mkdtempSync(join(CACHE, "unfinished-"));
  try {
    // npm writes its own form of the manifest.
    writeFileSync(join(unfinished, "package.json"), manifest);
    const npm = await run("npm", ARGS, {
      cwd: unfinished,
      timeoutMs: TIMEOUT_MS,
      shell: process.platform === "win32",
    });
    if (npm.code !== 0) throw new Error(`npm install: ${npm.stderr.trim().slice(-1000) || `ended by ${npm.code}`}`);
    writeFileSync(join(unfinished, "package.json"), manifest);
    rmSync(folder, { recursive: true, force: true });
    renameSync(unfinished, folder);
    return folder;
  } finally {
    rmSync(unfinished, { recursive: true, force: true });
  }
}
