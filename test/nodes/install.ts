import { execFile } from "node:child_process";
import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { binaryOf, MAJORS, OLDEST_22 } from "./nodes.js";

/** Vitest's global set-up: brings the Node binaries of the matrix from the npm registry, unless they are there or do not exist for this platform. */
export default async function install(): Promise<void> {
  if (process.platform !== "linux" || process.arch !== "x64") return;
  if ([...MAJORS.map(binaryOf), OLDEST_22.binary].every((binary) => existsSync(binary))) return;
  const cwd = fileURLToPath(new URL(".", import.meta.url));
  await promisify(execFile)("npm", ["ci", "--ignore-scripts", "--no-audit", "--no-fund"], { cwd });
}
