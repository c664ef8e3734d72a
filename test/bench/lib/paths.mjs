import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";

const root = new URL("../../../", import.meta.url);

/** The built preload, as a URL for `--import`. */
export const REGISTER = new URL("dist/register.js", root).href;

/** The built command. */
export const CLI = fileURLToPath(new URL("dist/cli-main.cjs", root));

/** The built public API. */
export const API = new URL("dist/index.js", root).href;

/** @param {string} module package name of a target */
export const proofUrl = (module) => new URL(`dist/src/proofs/${module}.js`, root).href;

/** @param {string} module an installed package */
export const installedPath = (module) => fileURLToPath(new URL(`node_modules/${module}`, root));

/** @param {string} name of a file in workloads/, without its extension */
export const workloadUrl = (name) => new URL(`../workloads/${name}.mjs`, import.meta.url).href;

/**
 * The Nodes to measure start-up on: those of the test matrix, where they are installed, and the running one.
 * @returns {{ name: string, binary: string }[]}
 */
export function nodes() {
  const matrix = [20, 22, 24, 26]
    .map((major) => ({
      name: `Node ${major}`,
      binary: fileURLToPath(new URL(`test/nodes/node_modules/node${major}/bin/node`, root)),
    }))
    .filter(({ binary }) => existsSync(binary));
  return matrix.length > 0 ? matrix : [{ name: `Node ${process.versions.node}`, binary: process.execPath }];
}

/** The environment without what would load a preload or configure it. */
export function environment() {
  const kept = Object.entries(process.env).filter(
    ([name]) => name !== "NODE_OPTIONS" && !name.startsWith("FLUSHGUARD"),
  );
  return Object.fromEntries(kept);
}
