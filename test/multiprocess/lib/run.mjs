import { execFile } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { environment, REGISTER } from "../../bench/lib/paths.mjs";

/**
 * @typedef {object} Started
 * @property {boolean} guarded whether the preload runs, with a directory for the metrics
 * @property {string} [directory] an existing one
 * @property {string} [node] path of the binary
 * @property {Record<string, string>} [env]
 * @property {boolean} [preload] false: only the environment says so
 */

/** @type {string[]} */
const folders = [];
process.on("exit", () => {
  for (const folder of folders) rmSync(folder, { recursive: true, force: true });
});

/** A folder that goes when the process ends. */
export function temporaryFolder() {
  const folder = mkdtempSync(join(tmpdir(), "flushguard-"));
  folders.push(folder);
  return folder;
}

/**
 * Flags and environment of a Node with the preload or without it.
 * @param {Started} started
 */
export function launch({ guarded, directory, env, preload = guarded }) {
  const multiprocess = guarded ? { FLUSHGUARD_MULTIPROCESS_DIR: directory ?? temporaryFolder() } : {};
  return { flags: preload ? ["--import", REGISTER] : [], env: { ...environment(), ...multiprocess, ...env } };
}

/**
 * Runs a program of this folder that prints one line of JSON.
 * @param {string} name of the file, without its extension
 * @param {unknown} options its argument
 * @param {Started} started
 * @returns {Promise<any>}
 */
export function run(name, options, started) {
  const { flags, env } = launch(started);
  const file = fileURLToPath(new URL(`./${name}.mjs`, import.meta.url));
  return new Promise((resolve, reject) => {
    execFile(
      started.node ?? process.execPath,
      [...flags, file, JSON.stringify(options)],
      { env, maxBuffer: 2 ** 28, timeout: 120_000 },
      (error, stdout, stderr) => {
        if (error || stderr !== "")
          reject(new Error(`${name}: ${error?.message ?? ""}\n${stdout.slice(-2000)}${stderr}`));
        else resolve(JSON.parse(stdout));
      },
    );
  });
}
