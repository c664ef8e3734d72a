import { execFile } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";

const cwd = fileURLToPath(new URL("../fixtures/drain/", import.meta.url));

/** Vitest's global set-up: the frameworks and runtimes beside which processes end. Without their scripts: one builds native code. */
export default async function install(): Promise<void> {
  const lock = readFileSync(`${cwd}package-lock.json`, "utf8");
  const { packages } = JSON.parse(lock) as { packages: Record<string, { optional?: boolean }> };
  const there = Object.entries(packages).every(([path, { optional }]) => optional || existsSync(`${cwd}${path}`));
  if (there) return;
  await promisify(execFile)("npm", ["ci", "--ignore-scripts", "--no-audit", "--no-fund"], { cwd });
}
