import { cpSync, existsSync, mkdirSync, rmSync, symlinkSync } from "node:fs";
import { join, relative, resolve, sep } from "node:path";

/** What a copy does without, or shares with the repository. */
const SHARED = ["node_modules", join("test", "nodes", "node_modules")];
const LEFT_OUT = [".git", "coverage"];

/** Makes a copy of the repository, build included, in which files can be broken. */
export function copyRepository(repository, folder) {
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  const skipped = [...SHARED, ...LEFT_OUT].map((path) => resolve(repository, path));
  cpSync(repository, folder, {
    recursive: true,
    filter: (path) =>
      !skipped.includes(path) &&
      !resolve(path).startsWith(resolve(folder) + sep) &&
      relative(repository, path) !== "tmp",
  });
  for (const path of SHARED) {
    const target = resolve(repository, path);
    if (existsSync(target)) symlinkSync(target, join(folder, path));
  }
}
