import { execFileSync } from "node:child_process";
import { mkdirSync } from "node:fs";
import { join } from "node:path";

/**
 * Puts packages into a folder, where each version has a `node_modules`, without what they depend on: some of that is gone from the
 * registry.
 * @param {string} folder
 * @param {readonly string[]} named each with its version
 */
export function unpack(folder, named) {
  const packed = execFileSync("npm", ["pack", "--json", ...named], {
    cwd: folder,
    stdio: ["ignore", "pipe", "ignore"],
  });
  for (const { name, version, filename } of JSON.parse(packed.toString())) {
    const target = join(folder, version, "node_modules", name);
    mkdirSync(target, { recursive: true });
    const archive = filename.replace("@", "").replace("/", "-");
    execFileSync("tar", ["-xzf", archive, "-C", target, "--strip-components=1"], {
      cwd: folder,
      stdio: ["ignore", "ignore", "pipe"],
    });
  }
}
