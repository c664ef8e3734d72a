import { spawnSync } from "node:child_process";
import {
  cpSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  realpathSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const ROOT = fileURLToPath(new URL("../../", import.meta.url));
const COPIED = ["build", "src", "test/new-target", "package.json", "tsconfig.json", "biome.json", ".gitignore"];

interface Ended {
  status: number | null;
  stdout: string;
  stderr: string;
}

/** A copy of this repository's tree with what `npm run new-target` needs, the packages linked. */
export interface Tree {
  read(path: string): string;
  write(path: string, text: string): void;
  remove(path: string): void;
  /** Runs Node in the tree. */
  node(...args: string[]): Ended;
  /** Compiles it. */
  build(): Ended;
  /** Checks format and lint rules. */
  lint(): Ended;
  newTarget(...args: string[]): Ended;
  verify(module: string): Ended;
  delete(): void;
}

/** @param built whether it has what is built here; otherwise it has to be built first */
export function copyTree(built = false): Tree {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), "flushguard-tree-")));
  mkdirSync(join(folder, "test"));
  for (const path of built ? [...COPIED, "dist"] : COPIED)
    cpSync(join(ROOT, path), join(folder, path), { recursive: true });
  symlinkSync(realpathSync(join(ROOT, "node_modules")), join(folder, "node_modules"), "dir");
  const node = (...args: string[]): Ended =>
    spawnSync(process.execPath, args, { cwd: folder, encoding: "utf8", timeout: 60_000 });
  return {
    read: (path) => readFileSync(join(folder, path), "utf8"),
    write: (path, text) => writeFileSync(join(folder, path), text),
    remove: (path) => rmSync(join(folder, path)),
    node,
    build: () => {
      rmSync(join(folder, "dist"), { recursive: true, force: true });
      const compiled = node("node_modules/typescript/bin/tsc", "-p", "tsconfig.json");
      return compiled.status === 0 ? node("build/main.mjs") : compiled;
    },
    lint: () => node("node_modules/@biomejs/biome/bin/biome", "check", "."),
    newTarget: (...args) => node("test/new-target/main.mjs", ...args),
    verify: (module) => node("dist/cli-main.cjs", "verify", module),
    delete: () => rmSync(folder, { recursive: true }),
  };
}
