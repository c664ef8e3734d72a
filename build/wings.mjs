import { chunkName } from "./layout.mjs";

/** @typedef {Readonly<Record<string, readonly (readonly string[])[]>>} First */

/**
 * Where a module goes that several chunks need. What none of the following needs is left to the bundler, which makes chunks of
 * what the same chunks share.
 * @param {First} first the entries of the chunks that an app reads first: what they need is in there. By entry: chunks that are
 * loaded with it, or after it without another file, so that what all of those need is in there too
 * @param {ReadonlySet<string>} entries of all chunks: what is needed by one that others import too is in there, so that it is
 * not a file that only points at another
 * @returns {import("rolldown").CodeSplittingGroup}
 */
export function wings(first, entries) {
  /** @type {Map<string, string> | undefined} */
  let chunks;
  return {
    debugName: "wings",
    name(id, graph) {
      chunks ??= assign(first, entries, (module) => graph.getModuleInfo(module));
      return chunks.get(id);
    },
  };
}

/**
 * @param {First} first
 * @param {ReadonlySet<string>} entries
 * @param {import("rolldown").GetModuleInfo} infoOf
 */
function assign(first, entries, infoOf) {
  const reached = (/** @type {string} */ entry) => reachedFrom(entry, infoOf);
  const unknown = Object.entries(first)
    .flat(3)
    .find((entry) => infoOf(entry) === null);
  if (unknown !== undefined && infoOf(Object.keys(first)[0] ?? "") !== null)
    throw new Error(`no such module: ${unknown}`);
  const chunks = new Map();
  const put = (/** @type {Iterable<string>} */ ids, /** @type {string} */ entry) => {
    for (const id of ids) if (!chunks.has(id)) chunks.set(id, chunkName(entry));
  };
  for (const [entry, companies] of Object.entries(first)) {
    put(reached(entry), entry);
    for (const company of companies) {
      const [needs = new Set(), ...others] = company.map(reached);
      put(
        [...needs].filter((id) => others.every((ids) => ids.has(id))),
        entry,
      );
    }
  }
  const shared = [...entries].filter((entry) => infoOf(entry)?.importers.length);
  const sizes = new Map(shared.map((entry) => [entry, reached(entry)]));
  for (const [entry, ids] of [...sizes].sort(([, one], [, other]) => one.size - other.size)) put(ids, entry);
  return chunks;
}

/**
 * One chunk for what several of the entries in some folders need, but for what one of them loads at once.
 * @param {string} chunk its name
 * @param {RegExp} folders
 * @param {string} entry that one
 * @returns {import("rolldown").CodeSplittingGroup}
 */
export function sharedBy(chunk, folders, entry) {
  /** @type {Set<string> | undefined} */
  let atOnce;
  return {
    debugName: chunk,
    minShareCount: 2,
    test: folders,
    name(id, graph) {
      atOnce ??= reachedFrom(entry, (module) => graph.getModuleInfo(module));
      return atOnce.has(id) ? undefined : chunk;
    },
  };
}

/**
 * @param {string} entry
 * @param {import("rolldown").GetModuleInfo} infoOf
 */
function reachedFrom(entry, infoOf) {
  const ids = new Set([entry]);
  for (const id of ids) for (const imported of infoOf(id)?.importedIds ?? []) ids.add(imported);
  return ids;
}
