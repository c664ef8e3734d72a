import { execFile } from "node:child_process";
import { cp, mkdtemp, readdir, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";

const run = promisify(execFile);
const ROOT = fileURLToPath(new URL("../../", import.meta.url));
const AWS = "aws-embedded-metrics@4.2.1";

/** Projects of users that have installed the package as it is published. */
export interface Projects {
  /** Files in the tarball. */
  files: string[];
  /** Two folders, each with a copy of its own. */
  first: string;
  second: string;
  remove(): Promise<void>;
}

export async function installProjects(): Promise<Projects> {
  const folder = await mkdtemp(join(tmpdir(), "flushguard-package-"));
  const remove = (): Promise<void> => rm(folder, { recursive: true });
  try {
    // Built already: a build now would take the files away from other tests.
    const packed = await run("npm", ["pack", "--ignore-scripts", "--json", "--pack-destination", folder], {
      cwd: ROOT,
    });
    const [{ files }] = JSON.parse(packed.stdout) as [{ files: { path: string }[] }];
    const tarball = (await readdir(folder)).find((file) => file.endsWith(".tgz")) as string;
    const [first, second] = [join(folder, "first"), join(folder, "second")];
    await cp(new URL("../fixtures/package/", import.meta.url), first, { recursive: true });
    await writeFile(join(first, "package.json"), '{ "name": "app", "private": true }\n');
    const install = ["install", "--no-audit", "--no-fund", "--prefer-offline", join(folder, tarball), AWS];
    await run("npm", install, { cwd: first });
    await cp(first, second, { recursive: true });
    return { files: files.map(({ path }) => path), first, second, remove };
  } catch (error) {
    await remove();
    throw error;
  }
}
