import { readdirSync, realpathSync } from "node:fs";

/** The folder of a package, which Node loads with or without a package.json that can be read. Undefined: none is there. */
export function packageFolder(path: string): string | undefined {
  try {
    const folder = realpathSync(path);
    return readdirSync(folder).some((name) => name === "package.json" || name === "index.js") ? folder : undefined;
  } catch {
    return undefined; // A file, a broken link, or no leave to read it.
  }
}
