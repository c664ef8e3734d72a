/** Characters of a word that is compared. */
const LONGEST = 100;
/** Characters of a word that others are looked for by their beginning. */
const SHORTEST = 3;

/** Edits (insert, delete, replace, exchange two neighbours) that turn one word into the other. */
function distance(a: string, b: string): number {
  let before: number[] = [];
  let row = Array.from({ length: b.length + 1 }, (_, column) => column);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++) {
      const replaced = (row[j - 1] as number) + (a[i - 1] === b[j - 1] ? 0 : 1);
      const isExchanged = i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1];
      const exchanged = isExchanged ? (before[j - 2] as number) + 1 : Number.POSITIVE_INFINITY;
      next.push(Math.min(replaced, exchanged, (row[j] as number) + 1, (next[j - 1] as number) + 1));
    }
    before = row;
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

/** Whether one of two words is in the other. */
function areWithin(one: string, other: string): boolean {
  return Math.min(one.length, other.length) >= SHORTEST && (one.includes(other) || other.includes(one));
}

/**
 * ` (did you mean "count"?)` for the known words that begin with this one, or else for the one that is closest, or else for those
 * that this one has in it, or that have it in them; nothing where there is none.
 * @param prefix what all the known ones begin with
 */
export function didYouMean(word: string, known: Iterable<string>, prefix = ""): string {
  if (word.length > LONGEST) return "";
  const lower = word.toLowerCase();
  const all = [...known];
  const same = all.filter((name) => name.toLowerCase() === lower);
  const begun = word.length < SHORTEST ? [] : all.filter((name) => beginsWith(name.toLowerCase(), lower));
  const own = lower.slice(prefix.length);
  const within = all.filter((name) => areWithin(own, name.toLowerCase().slice(prefix.length)));
  const lists = [same, begun, closest(lower, all, prefix.length), within];
  const meant = lists.find((names) => names.length > 0) ?? [];
  return meant.length === 0 ? "" : ` (did you mean ${meant.map((name) => JSON.stringify(name)).join(" or ")}?)`;
}
