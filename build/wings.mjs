import { chunkName } from "./layout.mjs";

/**
 * Where a module goes that several chunks need. What none of the following needs is left to the bundler, which makes chunks of
 * what the same chunks share.
 * @param {readonly string[]} first entries of the chunks that an app reads first: what they need is in there
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
 * @param {readonly string[]} first
 * @param {ReadonlySet<string>} entries
 * @param {import("rolldown").GetModuleInfo} infoOf
 */
function assign(first, entries, infoOf) {
  const reached = (/** @type {string} */ entry) => {
    const ids = new Set([entry]);
    for (const id of ids) for (const imported of infoOf(id)?.importedIds ?? []) ids.add(imported);
    return ids;
  };
  const shared = [...entries].filter((entry) => infoOf(entry)?.importers.length).map(reached);
  const chunks = new Map();
  for (const ids of [...first.map(reached), ...shared.sort((one, other) => one.size - other.size)]) {
    const [entry = ""] = ids;
    for (const id of ids) if (!chunks.has(id)) chunks.set(id, chunkName(entry));
  }
  return chunks;
}
