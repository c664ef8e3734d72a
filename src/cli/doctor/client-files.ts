import { readdirSync } from "node:fs";
import { sep } from "node:path";
import { matchesFile } from "../../packages/file-match.js";
import type { Target } from "../../target.js";

/** The files of a package that its targets are about, by their paths inside it, where they name any. */
export function clientFiles(path: string, targets: readonly Target[]): string[] {
  const patterns = targets.flatMap(({ file }) => file ?? []);
  if (patterns.length === 0) return [];
  const files = readdirSync(path, { recursive: true, encoding: "utf8" }).map((file) => file.replaceAll(sep, "/"));
  return files.filter(
    (file) => !file.startsWith("node_modules/") && patterns.some((pattern) => matchesFile(pattern, file)),
  );
}
