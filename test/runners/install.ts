import { execFile } from "node:child_process";
import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";

/** Installs the other test runner, unless it is there. */
export default async function install(): Promise<void> {
  const cwd = fileURLToPath(new URL(".", import.meta.url));
  if (existsSync(`${cwd}node_modules/jest`)) return;
  await promisify(execFile)("npm", ["ci", "--ignore-scripts", "--no-audit", "--no-fund"], { cwd });
}
