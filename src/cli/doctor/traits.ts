import { existsSync } from "node:fs";
import { dirname, join } from "node:path";
import type { Target } from "../../target.js";
import { clientFiles } from "./client-files.js";
import { textOf } from "./text.js";

const NOT_CODE = /\/\*.*?\*\/|\/\/.*?$/gms;
const LOADED = /\b(?:require\(|from\s*)["'](\.[^"']+)["']/g;
/** Names of properties and methods, which minifiers leave as they are. */
const NAME = /(?<=\bthis\.|[\w)\]]\.)[A-Za-z_$][\w$]{4,}/g;
/** Names that are in every larger script. */
const COMMON = new Set([
  ...[Array, Object, Promise, Function, String, Number, Map, Set, Date, Error, Symbol, JSON, Math, process].flatMap(
    (one) => [
      ...Object.getOwnPropertyNames(one),
      ...Object.getOwnPropertyNames((one as { prototype?: object }).prototype ?? {}),
    ],
  ),
  "default",
  "exports",
]);
/** Fewer of them do not tell one client from another. */
const FEWEST = 10;
/** A bundler leaves out what nobody uses. */
const SHARE = 0.9;

/** Those of a file, and where it has few, those of the files beside it that it loads. */
function traitsOf(file: string, seen = new Set<string>()): Set<string> {
  seen.add(file);
  const text = textOf(file).replace(NOT_CODE, "");
  const traits = new Set((text.match(NAME) ?? []).filter((name) => !COMMON.has(name)));
  for (const [, path = ""] of text.matchAll(LOADED)) {
    if (traits.size >= FEWEST) break;
    const next = [path, `${path}.js`].map((one) => join(dirname(file), one)).find((one) => existsSync(one));
    if (next === undefined || seen.has(next)) continue;
    for (const trait of traitsOf(next, seen)) traits.add(trait);
  }
  return traits;
}

/** The names in a script. */
export function namesIn(script: string): Set<string> {
  return new Set(script.match(/[A-Za-z_$][\w$]{4,}/g));
}

/** What a client can be known by in a bundle whose paths and local names are gone. */
export class Traits {
  readonly #files: readonly ReadonlySet<string>[];

  /**
   * @param path folder of an installed copy
   * @param targets what is guarded of it
   */
  constructor(path: string, targets: readonly Target[]) {
    const scripts = clientFiles(path, targets).filter((file) => /\.[cm]?js$/.test(file));
    this.#files = scripts.map((file) => traitsOf(join(path, file))).filter(({ size }) => size >= FEWEST);
  }

  /** Whether the names of one of the client's files are among those in a script. */
  areAmong(names: ReadonlySet<string>): boolean {
    return this.#files.some((traits) => {
      const missing = [...traits].filter((trait) => !names.has(trait)).length;
      return missing <= traits.size * (1 - SHARE);
    });
  }
}
