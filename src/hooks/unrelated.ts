import { isBuiltin } from "node:module";
import { packageFileOf } from "../packages/package-file.js";

const [HASH, DOT, SLASH, BACKSLASH, COLON] = ["#", ".", "/", "\\", ":"].map((character) => character.charCodeAt(0));

/**
 * Tells by its name alone that a `require` cannot reach a file of the hooked packages, as most cannot: require-in-the-middle
 * resolves each of them once more, and a large app requires tens of thousands of times.
 * @param modules the hooked packages, by name
 * @param seen whether what a file loads comes by in another way, as the file itself did: then only a package that is named matters
 */
export function unrelated(
  modules: ReadonlyMap<string, unknown>,
  seen: (from: string) => boolean,
): (id: unknown, from: string | null) => boolean {
  return (id, from) => {
    if (typeof id !== "string") return true;
    if (from === null) return false;
    const first = id.charCodeAt(0);
    if (first === DOT) return seen(from) || staysOutside(modules, id, from);
    // A path, or a name that the package.json of the app gives to another.
    if (first === SLASH || first === HASH || first === BACKSLASH || id.charCodeAt(1) === COLON) return false;
    return !modules.has(nameBy(id)) || isBuiltin(id);
  };
}

/** Whether a relative path leads from a file to no hooked package. */
function staysOutside(modules: ReadonlyMap<string, unknown>, id: string, from: string): boolean {
  if (id.includes("node_modules")) return false;
  const at = packageFileOf(from);
  if (at === undefined) return true;
  // How many folders above the file its package begins.
  return !modules.has(at.name) && count("..", id) <= count("/", at.file);
}

/** The package that a bare specifier is of. */
function nameBy(id: string): string {
  const slash = id.indexOf("/");
  const end = id.startsWith("@") && slash > 0 ? id.indexOf("/", slash + 1) : slash;
  return end < 0 ? id : id.slice(0, end);
}

function count(part: string, whole: string): number {
  let times = 0;
  for (let at = whole.indexOf(part); at >= 0; at = whole.indexOf(part, at + part.length)) times++;
  return times;
}
