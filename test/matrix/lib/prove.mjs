import { fileURLToPath } from "node:url";
import { lossless } from "../../../dist/src/proofs/proof.js";
import { run } from "./command.mjs";
import { installed } from "./install.mjs";

const CLI = fileURLToPath(new URL("../../../dist/cli-main.cjs", import.meta.url));
/** Above what a client takes whose every scenario hangs. */
const TIMEOUT_MS = 900_000;

/**
 * @typedef {object} Proven
 * @property {string} module package name of the target
 * @property {string} version
 * @property {Record<string, string>} companions
 * @property {number} seconds installation included
 * @property {string} [error] why nothing was measured
 * @property {object[]} scenarios as `flushguard verify --json` gives them
 */

/** @param {object} run one run of a scenario, as in the JSON */
export function failed(run) {
  return run.error !== undefined || !lossless(run);
}

/** Whether every guarded run delivers everything exactly once, and no unguarded one does. @param {Proven} proven */
export function whole({ error, scenarios }) {
  return error === undefined && scenarios.every(({ lossless, unguarded }) => lossless && failed(unguarded));
}

/** What is kept of it. @param {Proven} proven */
export function summary(proven) {
  const { module, version, error, scenarios } = proven;
  return { module, version, scenarios: scenarios.length, proof: whole(proven), error };
}

/** @param {import("./entries.mjs").Entry} entry */
async function scenariosOf(entry) {
  const cwd = await installed(entry);
  const verify = await run(process.execPath, [CLI, "verify", entry.module, "--json"], { cwd, timeoutMs: TIMEOUT_MS });
  if (verify.stdout === "")
    throw new Error(`verify: ${verify.stderr.trim().slice(-1000) || `ended by ${verify.code}`}`);
  const [target] = JSON.parse(verify.stdout).targets;
  if (target.installed !== entry.version) throw new Error(`the installed version is ${target.installed}`);
  if (target.status !== "measured") throw new Error(`${target.status}: ${target.reason}`);
  if (target.scenarios.length === 0) throw new Error("no scenario runs on this version");
  return target.scenarios;
}

/**
 * Runs the scenarios of one version of a client.
 * @param {import("./entries.mjs").Entry} entry
 * @returns {Promise<Proven>} Never rejects
 */
export async function prove(entry) {
  const begun = performance.now();
  const facts = await scenariosOf(entry).then(
    (scenarios) => ({ scenarios }),
    (error) => ({ error: error.message, scenarios: [] }),
  );
  return { ...entry, seconds: Math.round((performance.now() - begun) / 100) / 10, ...facts };
}
