import { readdirSync } from "node:fs";
import { join } from "node:path";

/** The names of the packages in a `node_modules` folder. None where it is not there, or may not be read. */
export function packagesIn(nodeModules: string): string[] {
  return namesIn(nodeModules).flatMap((name) =>
    name.startsWith("@") ? namesIn(join(nodeModules, name)).map((inner) => `${name}/${inner}`) : [name],
  );
}

/** Without what package managers keep there, which begins with a dot. */
function namesIn(folder: string): string[] {
  try {
    return readdirSync(folder).filter((name) => !name.startsWith("."));
  } catch {
    return [];
  }
}
