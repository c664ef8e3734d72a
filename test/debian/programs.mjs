import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";

/**
 * A program that tests start, and the Debian package it comes from.
 * @typedef {object} Program
 * @property {string} debian
 * @property {string} file
 * @property {boolean} [shared] it needs more than its own files, so that its package is installed on the machine, not unpacked here
 * @property {boolean} [forProofs] only proofs start it
 */

/** Where packages are unpacked. */
export const UNPACKED = fileURLToPath(new URL("./unpacked", import.meta.url));

export const PROGRAMS = /** @satisfies {Record<string, Program>} */ ({
  prometheus: { debian: "prometheus", file: "prometheus" },
  promtool: { debian: "prometheus", file: "promtool" },
  pushgateway: { debian: "prometheus-pushgateway", file: "prometheus-pushgateway", forProofs: true },
  strace: { debian: "strace", file: "strace", shared: true },
  chromium: { debian: "chromium", file: "chromium", shared: true, forProofs: true },
});

/**
 * Where a program of a name can be, the best first.
 * @param {Program} program
 */
export function placesOf({ file, shared }) {
  const installed = `/usr/bin/${file}`;
  return shared ? [installed] : [`${UNPACKED}/usr/bin/${file}`, installed];
}

/**
 * @param {keyof typeof PROGRAMS} name
 * @returns {string} the path of the program
 * @throws {Error} when it is not there, with what would bring it
 */
export function program(name) {
  const { debian } = PROGRAMS[name];
  const path = placesOf(PROGRAMS[name]).find((place) => existsSync(place));
  if (path === undefined) throw new Error(`${name} is not installed: \`apt-get install ${debian}\` brings it`);
  return path;
}
