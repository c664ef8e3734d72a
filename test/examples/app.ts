import { cpSync, mkdirSync, symlinkSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { directoryWith } from "../config/helpers.js";

const ROOT = fileURLToPath(new URL("../../", import.meta.url));

/** A copy of an example outside of this repository, with these packages of ours and this package installed. */
export function example(name: string, packages: readonly string[] = []): string {
  const folder = directoryWith({});
  cpSync(join(ROOT, "examples", name), folder, { recursive: true });
  mkdirSync(join(folder, "node_modules"));
  symlinkSync(ROOT, join(folder, "node_modules", "flushguard"), "junction");
  for (const one of packages) {
    symlinkSync(join(ROOT, "node_modules", one), join(folder, "node_modules", one), "junction");
  }
  return folder;
}
