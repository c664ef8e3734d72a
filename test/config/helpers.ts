import { mkdirSync, mkdtempSync, realpathSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";

/** A new directory with these files in it. */
export function directoryWith(files: Record<string, string>): string {
  const directory = realpathSync(mkdtempSync(join(tmpdir(), "flushguard-")));
  for (const [name, text] of Object.entries(files)) {
    const path = join(directory, name);
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, text);
  }
  return directory;
}
