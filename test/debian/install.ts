import { execFile } from "node:child_process";
import { existsSync } from "node:fs";
import { mkdir, mkdtemp, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { PROGRAMS, placesOf, UNPACKED } from "./programs.js";

const run = promisify(execFile);

/**
 * Vitest's global set-up: brings the programs that tests start from Debian's packages, unless they are there or this is no
 * Debian. Where that is refused, to who is not root say, the tests that need one fail, and say what would bring it.
 */
export default async function install({ name }: { name: string }): Promise<void> {
  const wanted = Object.values(PROGRAMS).filter((program) => name === "proofs" || !("forProofs" in program));
  const missing = wanted.filter((program) => !placesOf(program).some((place) => existsSync(place)));
  if (missing.length === 0 || !existsSync("/usr/bin/apt-get")) return;
  const shared = missing.filter((program) => "shared" in program).map(({ debian }) => debian);
  const own = [...new Set(missing.filter((program) => !("shared" in program)).map(({ debian }) => debian))];
  try {
    await run("apt-get", ["update", "-qq"]);
    if (own.length > 0) await unpack(own);
    if (shared.length > 0) await run("apt-get", ["install", "-qq", "--yes", "--no-install-recommends", ...shared]);
  } catch (error) {
    console.warn(`apt-get does not bring ${[...own, ...shared].join(", ")}: ${String(error)}`);
  }
}

async function unpack(packages: readonly string[]): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), "flushguard-debian-"));
  try {
    await run("apt-get", ["download", "-qq", ...packages], { cwd: folder });
    await mkdir(UNPACKED, { recursive: true });
    for (const file of await readdir(folder)) await run("dpkg-deb", ["-x", join(folder, file), UNPACKED]);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
