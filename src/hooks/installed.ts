import { existsSync, realpathSync } from "node:fs";
import { dirname, join } from "node:path";

/**
 * Whether one of the packages can be found from the working directory or from the main script, at any level above it.
 * Copies nested in another package are not looked for; pnpm's folder of indirect dependencies is.
 */
export function isAnyInstalled(names: readonly string[]): boolean {
  const folders = new Set([...upwards(process.cwd()), ...upwards(mainFolder())]);
  return [...folders]
    .flatMap((folder) => [join(folder, "node_modules"), join(folder, "node_modules", ".pnpm", "node_modules")])
    .filter((folder) => existsSync(folder))
    .some((folder) => names.some((name) => existsSync(join(folder, name, "package.json"))));
}

function upwards(folder: string): string[] {
  const parent = dirname(folder);
  return parent === folder ? [folder] : [folder, ...upwards(parent)];
}

function mainFolder(): string {
  const main = process.argv[1];
  try {
    return main ? dirname(realpathSync(main)) : process.cwd();
  } catch {
    // A main script without its extension, say: the working directory has to do.
    return process.cwd();
  }
}
