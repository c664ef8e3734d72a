import { log } from "../../log.js";
import type { Family } from "../family.js";
import { Turns } from "../slices.js";
import { newerIn } from "../store/file-name.js";
import { VERSION, VERSIONS } from "../store/format.js";
import { pidNamespace } from "../store/identity.js";
import { leaveMark } from "../store/mark.js";
import { isForNow } from "../store/shortage.js";
import { distrust } from "../store/trust.js";
import { removeUnfinished } from "./directory.js";
import { Families } from "./families.js";
import { fold, isDue } from "./fold.js";
import type { Health } from "./health.js";
import { type IsWanted, Merge, type Part } from "./merge.js";
import { Shelf, type ShelfFiles } from "./shelf.js";
import { Source } from "./source.js";

/** The merged view. */
export interface Collected {
  /** The oldest process first. */
  families: Family[];
  health: Health;
}

/** What the files say to who has to ask those that are in none. */
export interface Present {
  /** Whether the process of this machine, or container, with this id is in one. */
  hasFile(pid: number): boolean;
  /** What the series belong to that somebody adds. */
  families: Families;
}

/** Gives what processes have that are in no file. Asked once the files are read, so that nothing is counted twice. */
export type Others = (present: Present) => Promise<Part[]>;

/** Reads a directory again and again, and keeps what does not change between. */
export class Collector {
  readonly #directory: string;
  #reader: Reader;
  /** What the last scrape has found. */
  #seen: Seen | undefined;
  #last: Promise<unknown> = Promise.resolve();
  readonly #told = new Set<string>();

  constructor(directory: string) {
    this.#directory = directory;
    this.#reader = readerOf(directory);
  }

  /**
   * The merged view. Rejects where the directory is there and may not be read. Also folds dead processes and moves bad files
   * aside, where the directory can be written.
   */
  collect(isWanted: IsWanted, others?: Others): Promise<Collected> {
    const next = this.#last.then(() => this.#collect(isWanted, others));
    // Keeps nothing of it.
    const over = () => {};
    this.#last = next.then(over, over);
    return next;
  }

  /**
   * Folds what previous processes have left, at once: the directory does not grow where nobody scrapes. `looksDue` says
   * beforehand whether that may be worth while.
   * @param all also where it is not worth while yet
   * @returns false where another process is at it
   */
  tidy(all = false): boolean {
    const { families, shelves } = readerOf(this.#directory);
    try {
      return shelves
        .filter(({ format }) => format === VERSION)
        .map((shelf) => this.#fold(shelf.findNow(), families, all))
        .every(Boolean);
    } catch {
      return true; // It may not be read.
    }
  }

  async #collect(isWanted: IsWanted, others?: Others): Promise<Collected> {
    const turns = new Turns();
    const { all, newer } = await this.#look(turns);
    const { families: into, shelves } = this.#reader;
    const retained = all.flatMap(({ retained: { source } }) => source ?? []);
    const sources = all.flatMap(sourcesOf).sort(Source.byAge);
    const live = new Set(all.flatMap((found) => [...found.live.values()]));
    const asked = (await others?.(presentIn(live, into))) ?? [];
    const merge = new Merge(into);
    const isLive = (part: Part) => live.has(part as Source) || asked.includes(part);
    await turns.take(merge.add([...retained, ...sources, ...asked], isLive, isWanted));
    const families = await turns.take(merge.result());
    const health = healthOf(all, [...retained, ...sources], newer);
    this.#tellMissing(all, newer);
    for (const [i, found] of all.entries()) if (shelves[i]?.format === VERSION) this.#fold(found, into);
    leaveMark(this.#directory);
    return { families, health };
  }

  /** While the system has nothing to read it with: rather what it was than a counter that falls. */
  async #look(turns: Turns): Promise<Seen> {
    try {
      const all = await this.#find(turns);
      const newer = newerIn(this.#directory).length + all.reduce((sum, found) => sum + found.newer.length, 0);
      this.#seen = { all, newer };
    } catch (error) {
      if (this.#seen === undefined || !isForNow(error)) throw error;
    }
    return this.#seen;
  }

  /** What it keeps it reads anew where most of it is of files that are gone: unless there is one that cannot be read now. */
  async #find(turns: Turns): Promise<ShelfFiles[]> {
    if (this.#reader.families.isWasteful()) {
      const reader = readerOf(this.#directory, this.#reader);
      const all = await findAll(reader, turns);
      if (unreadIn(all) <= unreadIn(this.#seen?.all ?? [])) {
        this.#reader = reader;
        return all;
      }
    }
    return findAll(this.#reader, turns);
  }

  /** Numbers that are too low must not pass for all there is. */
  #tellMissing(all: readonly ShelfFiles[], newer: number): void {
    const [denied, foreign] = [all.flatMap((found) => found.denied), all.flatMap((found) => found.foreign)];
    this.#tell(denied.length, "this user may not read", "what is in them is missing");
    this.#tell(foreign.length, "no process of this user has made", "they are left as they are");
    this.#tell(newer, "this release does not understand", "they are left as they are, and what is in them is missing");
  }

  #tell(files: number, what: string, then: string): void {
    if (files === 0 || this.#told.has(what)) return;
    this.#told.add(what);
    log.warn(`${this.#directory}: ${what} ${files} of the files; ${then}`);
  }

  /** @returns false where another process is at it */
  #fold(found: ShelfFiles, into: Families, all = false): boolean {
    try {
      if (distrust(this.#directory) !== undefined) return true;
      removeUnfinished(this.#directory);
      return !(all || isDue(found, found.retained)) || fold(this.#directory, found, into);
    } catch {
      return true; // A directory that this process may read and not write: the files are read again the next time.
    }
  }
}

/** What is kept of a directory from one scrape to the next. */
interface Reader {
  families: Families;
  shelves: readonly Shelf[];
}

/** What a scrape has found in a directory, and how many files of formats to come. */
interface Seen {
  all: readonly ShelfFiles[];
  newer: number;
}

/** @param before one whose place it takes */
function readerOf(directory: string, before?: Reader): Reader {
  const families = new Families();
  return { families, shelves: VERSIONS.map((format, i) => new Shelf(directory, format, families, before?.shelves[i])) };
}

async function findAll({ shelves }: Reader, turns: Turns): Promise<ShelfFiles[]> {
  const all: ShelfFiles[] = [];
  for (const shelf of shelves) all.push(await shelf.find(turns));
  return all;
}

function unreadIn(all: readonly ShelfFiles[]): number {
  return all.reduce((sum, { missing, denied }) => sum + missing + denied.length, 0);
}

function missingIn(all: readonly ShelfFiles[]): number {
  return all.reduce((sum, { missing }) => sum + missing, 0);
}

function presentIn(live: ReadonlySet<Source>, families: Families): Present {
  const namespace = pidNamespace();
  const writers = [...live].flatMap(({ identity }) => identity ?? []);
  const here = writers.filter((writer) => writer.threadId === 0 && writer.namespace === namespace);
  const pids = new Set(here.map(({ pid }) => pid));
  return { hasFile: (pid) => pids.has(pid), families };
}

/** What is retained of them already is left out. */
function sourcesOf({ live, dead, retained: { folded } }: ShelfFiles): Source[] {
  return [...live, ...dead].filter(([name]) => !folded.gone.has(name)).map(([, source]) => source);
}

function healthOf(all: readonly ShelfFiles[], sources: readonly Source[], newerFiles: number): Health {
  const live = all.flatMap((found) => [...found.live.values()].map(({ status }) => status));
  const waiting = live.filter((status) => status.waiting > 0);
  const written = live.map((status) => status.written);
  const sum = (values: readonly number[]) => values.reduce((total, value) => total + value, 0);
  return {
    live: live.length - waiting.length,
    waiting: waiting.length,
    memory: missingIn(all),
    writeErrors: sum(sources.map(({ status }) => status.errors)),
    lastWriteMs: written.length === 0 ? undefined : Math.min(...written),
    waitingSeries: sum(live.map((status) => status.waiting)),
    badFiles: sum(
      all.map(({ bad, retained: { folded } }) => folded.badFiles + bad.filter((name) => !folded.gone.has(name)).length),
    ),
    newerFiles,
  };
}
