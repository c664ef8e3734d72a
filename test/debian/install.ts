import { execFile } from "node:child_process";
import { existsSync } from "node:fs";
import { mkdir, mkdtemp, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { PROGRAMS, placesOf, UNPACKED } from "./programs.js";

const run = promisify(execFile);

/** Vitest's global set-up: brings the programs that tests start from Debian's packages, unless they are there or this is no Debian. */
export default async function install(): Promise<void> {
  const missing = Object.values(PROGRAMS).filter((program) => !placesOf(program).some((place) => existsSync(place)));
  if (missing.length === 0 || !existsSync("/usr/bin/apt-get")) return;
  await run("apt-get", ["update", "-qq"]);
  const shared = missing.filter((program) => "shared" in program).map(({ debian }) => debian);
  const own = missing.filter((program) => !("shared" in program)).map(({ debian }) => debian);
  if (shared.length > 0) await run("apt-get", ["install", "-qq", "--yes", "--no-install-recommends", ...shared]);
  if (own.length > 0) await unpack([...new Set(own)]);
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
