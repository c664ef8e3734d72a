import { lstatSync, type Stats } from "node:fs";
import { join } from "node:path";
import { now, sleep } from "../../timers.js";
import { isEnding } from "../is-ending.js";
import { atOnce, type Slices, type Turns } from "../slices.js";
import { type FileName, namesIn, retainedName } from "../store/file-name.js";
import { isForNow } from "../store/shortage.js";
import { BadFile, NewerFile } from "./bad-file.js";
import type { Families } from "./families.js";
import { isSame } from "./fold.js";
import { isRecent, nothingFolded } from "./folded.js";
import { leftIn } from "./glance.js";
import { type Mark, markOf, type Reading, readFile } from "./read-file.js";
import { type Retained, readRetained } from "./retained.js";
import type { Source } from "./source.js";

/** What is being written after this many looks, a millisecond apart and more, is left as it was. */
const LOOKS = 10;
const ATTEMPTS = 5;
/** Milliseconds for which a damaged file has to stay as it is before it is moved aside. */
const CONDEMNED_AFTER_MS = 1000;

/** The files of one format, as they are now. */
export interface ShelfFiles {
  retained: Retained;
  live: Map<string, Source>;
  dead: Map<string, Source>;
  /** Damaged ones that nobody writes. */
  bad: string[];
  /** Those of them that have been so for long enough. */
  condemned: Map<string, Mark>;
  /** Those of processes that have no room to write, or whose file cannot be read now. */
  missing: number;
  /** Those that nobody came to write. */
  abandoned: string[];
  /** Those that this release does not understand. */
  newer: string[];
  /** Those that this user may not read. */
  denied: string[];
  /** Those that are none of ours, whatever their name. */
  foreign: string[];
}

function nothing(retained: Retained): ShelfFiles {
  const [live, dead, condemned] = [new Map(), new Map(), new Map()];
  return { retained, live, dead, bad: [], condemned, missing: 0, abandoned: [], newer: [], denied: [], foreign: [] };
}

/** What a process has had before is in the file that it has now, whoever has brought it back. */
function leaveOutReplaced({ live, dead, abandoned }: ShelfFiles): void {
  for (const { identity } of [...live.values(), ...dead.values()])
    for (const name of identity?.before ?? []) if (live.delete(name) || dead.delete(name)) abandoned.push(name);
}

/** Reads the files of one format in a directory again and again, and keeps what does not change between. */
export class Shelf {
  readonly format: number;
  readonly #directory: string;
  #known = new Map<string, Source>();
  #retained: Source | undefined;
  /** Damaged files, and when that was seen first. */
  readonly #suspects: Map<string, { mark: Mark; sinceMs: number }>;
  readonly #into: Families;

  /**
   * @param into what the series of the files belong to
   * @param before one of the same files, whose place this one takes
   */
  constructor(directory: string, format: number, into: Families, before?: Shelf) {
    this.#directory = directory;
    this.format = format;
    this.#into = into;
    this.#suspects = before === undefined ? new Map() : before.#suspects;
  }

  /** A file that goes away while the directory is read has gone into the retained one, which therefore is read last. */
  async find(turns: Turns): Promise<ShelfFiles> {
    for (let attempt = 1; ; attempt++) {
      const before = await turns.take(this.#readRetained(nothing({ folded: nothingFolded(), source: undefined })));
      const found = nothing(before);
      await this.#readAll(found, turns);
      leaveOutReplaced(found);
      found.retained = await turns.take(this.#readRetained(found));
      if (attempt < ATTEMPTS && !isRecent(before.folded, found.retained.folded)) continue;
      for (const name of this.#suspects.keys()) if (!found.bad.includes(name)) this.#suspects.delete(name);
      return found;
    }
  }

  /** What dead processes have left, at once. What a process that lives has is not read, where locks tell. */
  findNow(): ShelfFiles {
    const found = nothing({ folded: nothingFolded(), source: undefined });
    for (const [name, named] of this.#names())
      if (leftIn(join(this.#directory, name)) !== undefined)
        this.#sort(name, atOnce(readFile(this.#directory, name, named, this.#into, undefined, undefined)), found);
    found.retained = atOnce(this.#readRetained(found));
    return found;
  }

  #names(): [string, FileName][] {
    return [...namesIn(this.#directory)].filter(([, { kind, format }]) => kind === "process" && format === this.format);
  }

  async #readAll(found: ShelfFiles, turns: Turns): Promise<void> {
    const known = new Map<string, Source>();
    let last: Source | undefined;
    for (const [name, named] of this.#names()) {
      const reading = await this.#readWhole(name, named, last, turns);
      if ("source" in reading) {
        known.set(name, reading.source);
        last = reading.source;
      }
      this.#sort(name, reading, found);
    }
    this.#known = known;
  }

  async #readWhole(name: string, named: FileName, like: Source | undefined, turns: Turns): Promise<Reading> {
    const known = this.#known.get(name);
    for (let look = 1; ; look++) {
      const reading = await turns.take(readFile(this.#directory, name, named, this.#into, known, like));
      if (reading.state !== "again") return reading;
      if (look === LOOKS || isEnding())
        return known === undefined ? { state: "unread" } : { state: "live", source: known };
      await sleep(look);
    }
  }

  *#readRetained(found: ShelfFiles): Slices<Retained> {
    const name = retainedName(this.format);
    try {
      const retained = yield* readRetained(this.#directory, this.format, this.#into, this.#retained);
      this.#retained = retained.source;
      return retained;
    } catch (error) {
      if (isForNow(error)) throw error;
      const known = this.#retained;
      const isLost = error instanceof BadFile || error instanceof NewerFile;
      if (!isLost && known?.folded !== undefined) return { folded: known.folded, source: known };
      this.#retained = undefined;
      this.#sort(name, this.#lost(name, error), found);
      return { folded: nothingFolded(), source: undefined };
    }
  }

  #lost(name: string, error: unknown): Reading {
    let stat: Stats | undefined;
    try {
      stat = lstatSync(join(this.#directory, name), { throwIfNoEntry: false });
    } catch {
      return { state: "denied" };
    }
    if (stat === undefined) return { state: "gone" };
    if (error instanceof BadFile) return { state: "bad", mark: markOf(stat) };
    return { state: error instanceof NewerFile ? "newer" : stat.isFile() ? "denied" : "foreign" };
  }

  #sort(name: string, reading: Reading, found: ShelfFiles): void {
    const { state } = reading;
    if (state === "live" || state === "dead") found[state].set(name, reading.source);
    else if (state === "bad") this.#suspect(name, reading.mark, found);
    else if (state === "abandoned" || state === "newer") found[state].push(name);
    else if (state === "denied" || state === "foreign") found[state].push(name);
    else if (state !== "gone") found.missing++;
  }

  /** Whoever is at work on it may only have been held up. */
  #suspect(name: string, mark: Mark, found: ShelfFiles): void {
    found.bad.push(name);
    const time = now();
    const suspect = this.#suspects.get(name);
    if (suspect === undefined || !isSame(suspect.mark, mark)) this.#suspects.set(name, { mark, sinceMs: time });
    else if (time - suspect.sinceMs >= CONDEMNED_AFTER_MS) found.condemned.set(name, mark);
  }
}
