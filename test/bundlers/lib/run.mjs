import { execFile } from "node:child_process";
import { dirname } from "node:path";

const REGISTER = new URL("../../../dist/register.js", import.meta.url).href;

/** One of each hazard and of each copy of a client; each loses where nothing guards it. */
export const SCENARIOS = [
  "hot-shots: increment in a flush callback",
  "flagsmith-nodejs: tracking during a flush (CommonJS)",
  "flagsmith-nodejs: tracking during a flush (ES module)",
  "aws-embedded-metrics: three overlapping flushes",
  "@opentelemetry/sdk-metrics: a second shutdown() during a shutdown() (CommonJS)",
  "@opentelemetry/sdk-metrics: a second shutdown() during a shutdown() (ES module)",
  "@segment/analytics-node: second await flush() during a flush",
];

/** @typedef {{ recorded: number, delivered: number, distinct: number, violations?: string[], error?: string }} Counted */

/**
 * Runs one scenario in a bundle. Where the guard has something to say of a client, something is wrong.
 * @param {string} binary
 * @param {string} bundle
 * @param {string} scenario
 * @param {boolean} preloaded
 * @returns {Promise<Counted>}
 */
export function runBundle(binary, bundle, scenario, preloaded) {
  const { NODE_OPTIONS: _, ...env } = process.env;
  const args = [...(preloaded ? ["--import", REGISTER] : []), bundle, scenario];
  return new Promise((resolve, reject) => {
    execFile(binary, args, { cwd: dirname(bundle), env, timeout: 60_000 }, (error, stdout, stderr) => {
      const isBlamed = stderr.includes("flushguard: ");
      if (error || isBlamed) reject(new Error(`${bundle}, ${scenario}: ${stderr || error?.message}`));
      else resolve(JSON.parse(stdout.trim().split("\n").at(-1) ?? ""));
    });
  });
}

/** Whether all that was recorded arrived, and once. */
export function held(/** @type {Counted} */ { recorded, delivered, distinct, violations = [], error }) {
  return error === undefined && recorded === delivered && delivered === distinct && violations.length === 0;
}
