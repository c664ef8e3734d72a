/** Characters of a word that is compared. */
const LONGEST = 100;
/** Characters of a word that others are looked for by their beginning. */
const SHORTEST = 3;

/** Edits (insert, delete, replace) that turn one word into the other. */
function distance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, column) => column);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++) {
      const replaced = (row[j - 1] as number) + (a[i - 1] === b[j - 1] ? 0 : 1);
      next.push(Math.min(replaced, (row[j] as number) + 1, (next[j - 1] as number) + 1));
    }
    row = next;
  }
  return row[b.length] as number;
}

/** The known word that is at most a third of its letters away, if one is; those that all have in common do not count. */
function closest(word: string, known: readonly string[], common: number): string[] {
  let best: string | undefined;
  let least = Number.POSITIVE_INFINITY;
  for (const candidate of known) {
    const edits = distance(word, candidate.toLowerCase());
    if (edits < least && edits <= Math.max(1, (candidate.length - common) / 3)) {
      best = candidate;
      least = edits;
    }
  }
  return best === undefined ? [] : [best];
}

/** Whether a name begins with a word: as it is written, without its `@` or without its scope. */
function beginsWith(name: string, word: string): boolean {
  return [name, name.replace("@", ""), name.slice(name.indexOf("/") + 1)].some((form) => form.startsWith(word));
}

/**
 * ` (did you mean "count"?)` for the known words that begin with this one, or else for the one that is closest; nothing
 * where there is neither.
 * @param prefix what all the known ones begin with
 */
export function didYouMean(word: string, known: Iterable<string>, prefix = ""): string {
  if (word.length > LONGEST) return "";
  const lower = word.toLowerCase();
  const all = [...known];
  const same = all.filter((name) => name.toLowerCase() === lower);
  const begun = word.length < SHORTEST ? [] : all.filter((name) => beginsWith(name.toLowerCase(), lower));
  const meant = [same, begun].find((names) => names.length > 0) ?? closest(lower, all, prefix.length);
  return meant.length === 0 ? "" : ` (did you mean ${meant.map((name) => JSON.stringify(name)).join(" or ")}?)`;
}
