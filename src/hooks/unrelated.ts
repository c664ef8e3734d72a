import { isBuiltin } from "node:module";
import { type PackageFile, packageFileOf } from "./package-file.js";

/**
 * Tells by its name alone that a `require` cannot reach a file of the hooked packages, as most cannot: require-in-the-middle
 * resolves each of them once more, and a large app requires tens of thousands of times.
 * @param modules the hooked packages, by name
 */
export function unrelated(modules: ReadonlyMap<string, unknown>): (id: unknown, from: string | null) => boolean {
  let last: string | null = null;
  let at: PackageFile | undefined;
  /** How many folders above the last file its package begins. */
  let depth = 0;
  return (id, from) => {
    if (typeof id !== "string" || from === null) return false;
    if (!id.startsWith(".")) return !/^[#/\\]|^[a-z]:[\\/]/i.test(id) && (isBuiltin(id) || !modules.has(nameIn(id)));
    if (from !== last) {
      last = from;
      at = packageFileOf(from);
      depth = at === undefined ? Number.POSITIVE_INFINITY : count("/", at.file);
    }
    const staysInside = !id.includes("..") || count("..", id) <= depth;
    return staysInside && !id.includes("node_modules") && (at === undefined || !modules.has(at.name));
  };
}

/** The package that a bare specifier names. */
function nameIn(id: string): string {
  const slash = id.indexOf("/");
  const end = id.startsWith("@") && slash > 0 ? id.indexOf("/", slash + 1) : slash;
  return end < 0 ? id : id.slice(0, end);
}

function count(part: string, whole: string): number {
  let times = 0;
  for (let at = whole.indexOf(part); at >= 0; at = whole.indexOf(part, at + part.length)) times++;
  return times;
}
