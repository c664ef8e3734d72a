import { bad } from "./bad-file.js";
import { jsonOf } from "./check-meta.js";

/** Generations for which the name of a file that is gone is kept: a scrape that is overtaken by more starts again. */
const KEPT = 64;

/** What the retained file says of the files that are in it. */
export interface Folded {
  /** Raised at every fold. */
  generation: number;
  /** Files that were moved aside, ever. */
  badFiles: number;
  /** Files whose values are in it, or that were moved aside, and the last generation that has seen each in the directory. */
  gone: Map<string, number>;
  /** Those of them that were moved aside. */
  aside: Set<string>;
}

export function nothingFolded(): Folded {
  return { generation: 0, badFiles: 0, gone: new Map(), aside: new Set() };
}

export function foldedOf(key: Buffer): Folded {
  const { generation, badFiles, gone, aside } = jsonOf(key);
  if (!Number.isSafeInteger(generation) || !Number.isSafeInteger(badFiles)) bad("it has no generation");
  if (!Array.isArray(gone) || !gone.every(isGone)) bad("it says not what was folded");
  if (!Array.isArray(aside)) bad("it says not what was moved aside");
  return {
    generation: generation as number,
    badFiles: badFiles as number,
    gone: new Map(gone as [string, number][]),
    aside: new Set(aside),
  };
}

function isGone(entry: unknown): boolean {
  return Array.isArray(entry) && typeof entry[0] === "string" && typeof entry[1] === "number";
}

/**
 * What the next retained file is to say.
 * @param folded names of the files whose values are added now
 * @param aside names of the files that are moved aside now
 * @param present names of the files in the directory
 */
export function nextFolded(
  last: Folded,
  folded: Iterable<string>,
  aside: readonly string[],
  present: ReadonlySet<string>,
): Folded {
  const generation = last.generation + 1;
  const gone = new Map<string, number>();
  for (const [name, seen] of last.gone) {
    if (present.has(name)) gone.set(name, generation);
    else if (generation - seen <= KEPT) gone.set(name, seen);
  }
  let { badFiles } = last;
  for (const name of aside) {
    if (!gone.has(name)) badFiles++;
    gone.set(name, generation);
  }
  for (const name of folded) gone.set(name, generation);
  const all = new Set([...last.aside, ...aside].filter((name) => gone.has(name)));
  return { generation, badFiles, gone, aside: all };
}

/** Whether every file that was there when `before` was read, and is gone, is among the names that `after` has. */
export function isRecent(before: Folded, after: Folded): boolean {
  return after.generation >= before.generation && after.generation - before.generation <= KEPT;
}

export function toJson({ generation, badFiles, gone, aside }: Folded): unknown {
  return { generation, badFiles, gone: [...gone], aside: [...aside] };
}
