import { spawnSync } from "node:child_process";
import { cpSync, existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join, normalize } from "node:path";

const BUILD_MS = 120_000;

/** The published files of a copy of the repository, which processes load, and which are made of its sources. */
export class Published {
  /** Names of the published files that a source is in. */
  #files = new Map();

  constructor(copy) {
    this.copy = copy;
    this.dist = join(copy, "dist");
    this.whole = join(copy, "dist-whole");
    rmSync(this.whole, { recursive: true, force: true });
    cpSync(this.dist, this.whole, { recursive: true });
    for (const folder of [this.dist, join(this.dist, "src/maps")]) this.#read(folder);
  }

  /** @param file of `dist`, such as "src/guard/engine.js" */
  namesOf(file) {
    return this.#files.get(sourceOf(file)) ?? [];
  }

  /**
   * Makes the published files with another source in the place of one of them, and puts them back afterwards.
   * @param source what the compiler has made of it, or a mutant of that
   * @param run called while they are there
   * @returns undefined where they cannot be made
   */
  with(file, source, run) {
    const path = join(this.copy, sourceOf(file));
    const original = readFileSync(path, "utf8");
    writeFileSync(path, source);
    try {
      const { status } = spawnSync(process.execPath, ["build/main.mjs"], { cwd: this.copy, timeout: BUILD_MS });
      return status === 0 ? run() : undefined;
    } finally {
      writeFileSync(path, original);
      cpSync(this.whole, this.dist, { recursive: true, force: true });
    }
  }

  #read(folder) {
    if (!existsSync(folder)) return;
    for (const name of readdirSync(folder).filter((file) => file.endsWith(".cjs.map"))) {
      const { sources } = JSON.parse(readFileSync(join(folder, name), "utf8"));
      // They are relative to where the bundler has put the map.
      for (const source of sources.map((path) => normalize(join("dist", path)))) {
        this.#files.set(source, [...(this.#files.get(source) ?? []), name.replace(/\.map$/, "")]);
      }
    }
  }
}

const sourceOf = (file) => file.replace(/\.js$/, ".ts");
