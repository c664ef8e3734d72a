import { cpSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const INSTALLED = fileURLToPath(new URL("../../node_modules/", import.meta.url));

/** Where an installed package is. */
export const installed = (name: string) => join(INSTALLED, name);

/**
 * Installs a copy of a real client, which finds what it depends on here.
 * @param to folder of the copy
 * @param version what its package.json is to say, where not the truth
 */
export function install(name: string, to: string, version?: string): void {
  mkdirSync(dirname(to), { recursive: true });
  cpSync(join(INSTALLED, name), to, { recursive: true, dereference: true });
  if (version === undefined) return;
  const path = join(to, "package.json");
  writeFileSync(path, JSON.stringify({ ...JSON.parse(readFileSync(path, "utf8")), version }));
}

export function link(from: string, to: string): void {
  mkdirSync(dirname(from), { recursive: true });
  symlinkSync(to, from);
}
