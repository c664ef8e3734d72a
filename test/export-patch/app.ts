import { type SpawnSyncReturns, spawnSync } from "node:child_process";
import { cpSync, existsSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { directoryWith } from "../config/helpers.js";

const INSTALLED = fileURLToPath(new URL("../../node_modules/", import.meta.url));
const MAIN = fileURLToPath(new URL("../../dist/cli-main.cjs", import.meta.url));

/** An app with a copy of an installed client, and links to what that depends on. */
export function appWith(client: string): string {
  const app = directoryWith({ "package.json": '{ "name": "app", "private": true }\n' });
  addCopy(client, join(app, "node_modules"));
  const { dependencies } = JSON.parse(readFileSync(join(INSTALLED, client, "package.json"), "utf8"));
  for (const name of Object.keys(dependencies ?? {})) {
    const link = join(app, "node_modules", name);
    mkdirSync(dirname(link), { recursive: true });
    if (existsSync(join(INSTALLED, name))) symlinkSync(join(INSTALLED, name), link);
  }
  // patch-package looks for it.
  writeFileSync(join(app, "package-lock.json"), '{ "lockfileVersion": 3, "packages": {} }\n');
  return app;
}

/** Copies an installed client into a `node_modules` folder. */
export function addCopy(client: string, folder: string): void {
  cpSync(join(INSTALLED, client), join(folder, client), { recursive: true });
}

export function installedVersionOf(client: string): string {
  return JSON.parse(readFileSync(join(INSTALLED, client, "package.json"), "utf8")).version;
}

export function run(command: string, args: readonly string[], cwd: string): SpawnSyncReturns<string> {
  const { NODE_OPTIONS: _, ...env } = process.env;
  return spawnSync(command, args, { cwd, env, encoding: "utf8" });
}

/** Exit code and output of `flushguard export-patch`. */
export function exportPatch(args: readonly string[], cwd: string) {
  const { status, stdout, stderr } = run(process.execPath, [MAIN, "export-patch", ...args], cwd);
  return { status, stdout, stderr };
}
