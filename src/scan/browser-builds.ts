import { readdirSync, readFileSync } from "node:fs";
import { basename, join } from "node:path";
import { isThere } from "../is-there.js";

const BROWSER = /[.-](?:browser|bundle|global|iife|min|umd)\.[cm]?js$/;
const FOLDER = /\/(?:amd|browser|cjs-browser|global|iife|min|umd)\/(?=[^/]+$)/;
const ASSET = /^(.*)\/assets\/[^/]+$/;
const INSTALLED = /^(.*\/node_modules\/(?:@[^/]+\/)?[^/]+)\//;

type Manifest = Partial<Record<"main" | "module" | "exports" | "imports" | "bin", unknown>>;

/** What a package says of its files: the fields of its package.json that Node goes by, and the scripts beside it, which often choose one. */
function wordsOf(folder: string): string {
  try {
    const { main, module, exports, imports, bin } = JSON.parse(
      readFileSync(join(folder, "package.json"), "utf8"),
    ) as Manifest;
    const scripts = readdirSync(folder).filter((name) => /\.[cm]?js$/.test(name) && !BROWSER.test(name));
    const texts = scripts.map((name) => readFileSync(join(folder, name), "utf8"));
    return [JSON.stringify([main, module, exports, imports, bin]), ...texts].join("\n");
  } catch {
    return "";
  }
}

/** Tells builds for browsers, which no app loads in Node: those of installed packages that do not name them. */
export class BrowserBuilds {
  readonly #words = new Map<string, string>();

  /** @param path absolute */
  has(path: string): boolean {
    const [folderOfBuild] = FOLDER.exec(path) ?? [];
    if (folderOfBuild === undefined && !BROWSER.test(path)) return this.#isOfPage(path);
    const folder = INSTALLED.exec(path)?.[1];
    if (folder === undefined) return false;
    const words = this.#words.get(folder) ?? wordsOf(folder);
    this.#words.set(folder, words);
    return !words.includes(folderOfBuild ?? basename(path).replace(/\.[cm]?js$/, ""));
  }

  /** `assets/index.js` beside an `index.html` */
  #isOfPage(path: string): boolean {
    const folder = INSTALLED.test(path) ? ASSET.exec(path)?.[1] : undefined;
    return folder !== undefined && isThere(join(folder, "index.html"));
  }
}
