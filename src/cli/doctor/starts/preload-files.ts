import { dirname, resolve } from "node:path";
import { isThere } from "../../../is-there.js";
import { textOf } from "../text.js";
import { loadingOf } from "./loading.js";
import { mayBeSwitchedBy } from "./switched-in-code.js";

/** Without a dot before it, `node_modules` would be the name of a package. */
const OURS = /^(?!node_modules[/\\]).*flushguard[\w/.\\-]*[/\\]register(?:\.[cm]?js)?$/;
/** A specifier with a path, not with the name of a package. */
const HAS_PATH = /^(?:file:|\.{0,2}[/\\]|[A-Za-z]:[/\\])/;
/** The preload where packages are installed, which an image and other machines have in folders of their own. */
const INSTALLED = /[/\\]node_modules[/\\]flushguard[/\\]dist[/\\]register\.c?js$/;

/** Whether Node finds the preload by a specifier, or may where that is for. */
function isFound(specifier: string, directory: string): boolean {
  if (!HAS_PATH.test(specifier)) return specifier.endsWith("/register");
  if (INSTALLED.test(specifier)) return true;
  if (!specifier.startsWith("file:")) return isThere(resolve(directory, specifier));
  return URL.canParse(specifier) && isThere(new URL(specifier));
}

/** Whether something loads the preload, and with the guard on. */
export type Loads = "always" | "perhaps" | "never";

/** The preload, or files of an app that load it, themselves or by another one. */
class PreloadFiles {
  readonly #directory: string;
  readonly #seen = new Map<string, Loads>();
  /** Whether one of them sets FLUSHGUARD, or reads what does. */
  switches = false;

  /** @param directory folder of the app */
  constructor(directory: string) {
    this.#directory = directory;
  }

  /** @param directory where a relative path starts from */
  loads(specifier: string, directory = this.#directory): Loads {
    if (OURS.test(specifier)) return isFound(specifier, directory) ? "always" : "never";
    if (!/^\.{1,2}[/\\]/.test(specifier)) return "never";
    const file = resolve(directory, specifier);
    const known = this.#seen.get(file);
    if (known !== undefined) return known;
    this.#seen.set(file, "never");
    const found = this.#inFile(file);
    this.#seen.set(file, found);
    return found;
  }

  #inFile(file: string): Loads {
    const code = textOf(file);
    const { always, named } = loadingOf(code, file);
    this.switches ||= mayBeSwitchedBy({ code, named }, this.#directory);
    const each = (names: readonly string[]) => names.map((name) => this.loads(name, dirname(file)));
    const all = each(named);
    if (each(always).includes("always")) return "always";
    return all.some((one) => one !== "never") ? "perhaps" : "never";
  }
}

/**
 * Whether it is the preload, or a file of the app that loads it, itself or by another one.
 * @param directory where a relative path starts from
 */
export function loadOf(specifier: string, directory: string): Loads {
  const files = new PreloadFiles(directory);
  const loads = files.loads(specifier);
  return loads === "always" && files.switches ? "perhaps" : loads;
}

/** Whether it loads the preload whatever happens. */
export function loadsPreload(specifier: string, directory: string): boolean {
  return loadOf(specifier, directory) === "always";
}
