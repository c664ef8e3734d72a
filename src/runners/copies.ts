import { existsSync, readdirSync, realpathSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { matchesFile } from "../packages/file-match.js";
import { packageFolders } from "../packages/installed.js";
import { pathWithin } from "../packages/package-file.js";

const require = createRequire(import.meta.url);

/** The folders of a package that are found from the working directory. Copies nested in another package are not looked for. */
export function copiesOf(name: string): string[] {
  const folders = packageFolders(process.cwd()).map((folder) => join(folder, name));
  return [
    ...new Set(
      folders.filter((folder) => existsSync(join(folder, "package.json"))).map((folder) => realpathSync(folder)),
    ),
  ];
}

/**
 * The files in a package's folder that a target names.
 * @param pattern path or glob; absent for the file that the package is loaded by
 */
export function filesLike(folder: string, pattern: string | undefined): string[] {
  if (pattern === undefined) return [pathWithin(folder, require.resolve(folder))];
  if (existsSync(join(folder, pattern))) return [pattern];
  const [plain = ""] = pattern.split(/[*?[\]{}()!]/, 1);
  const base = join(folder, dirname(`${plain}.`));
  if (!existsSync(base)) return [];
  const files = readdirSync(base, { recursive: true, encoding: "utf8" });
  return files.map((file) => pathWithin(folder, join(base, file))).filter((file) => matchesFile(pattern, file));
}
