import { setTimeout as sleep, setImmediate as turn } from "node:timers/promises";
import { log } from "../../log.js";
import type { Family } from "../family.js";
import type { Meta } from "../meta.js";
import { RETAINED } from "../store/format.js";
import type { Identity } from "../store/identity.js";
import { BadFile } from "./bad-file.js";
import { filesOf, leaveMark, removeUnfinished } from "./directory.js";
import { fold } from "./fold.js";
import { type Folded, isRecent, nothingFolded } from "./folded.js";
import { Merge } from "./merge.js";
import { type Reading, readFile } from "./read-file.js";
import { type Retained, readRetained } from "./retained.js";
import type { Source } from "./source.js";

/** Milliseconds for which the other work of the process may have to wait. */
const TURN = 10;
/** A value that is still half-written after this many looks, a millisecond apart and more, never will be whole. */
const LOOKS = 10;
const ATTEMPTS = 5;

/** The counter that every merged view ends with. */
export const BAD_FILES = "flushguard_multiprocess_bad_files_total";

interface Found {
  live: Map<string, Source>;
  dead: Map<string, Source>;
  bad: string[];
  /** Those that this user may not read. */
  denied: Set<string>;
}

function nothingFound(): Found {
  return { live: new Map(), dead: new Map(), bad: [], denied: new Set() };
}

/** Reads a directory again and again, and keeps what does not change between. */
export class Collector {
  readonly #directory: string;
  #known = new Map<string, Source>();
  #retained: Source | undefined;
  #merge = new Merge();
  #last: Promise<unknown> = Promise.resolve();
  #toldDenied = false;

  constructor(directory: string) {
    this.#directory = directory;
  }

  /**
   * The merged view. Also folds dead processes and moves bad files aside, where the directory can be written.
   * @param wanted says which metrics
   */
  collect(wanted: (meta: Meta) => boolean): Promise<Family[]> {
    const next = this.#last.then(() => this.#collect(wanted));
    this.#last = next.catch(() => {});
    return next;
  }

  /** Folds what previous processes have left, at once: the directory does not grow where nobody scrapes. */
  tidy(): void {
    const found = nothingFound();
    for (const name of filesOf(this.#directory)) sort(name, readFile(this.#directory, name, undefined), found);
    this.#fold(found, this.#readRetained(found));
  }

  async #collect(wanted: (meta: Meta) => boolean): Promise<Family[]> {
    const { found, retained } = await this.#find();
    this.#tellDenied(found);
    const { gone, badFiles } = retained.folded;
    const sources = [...found.live, ...found.dead].filter(([name]) => !gone.has(name)).map(([, source]) => source);
    sources.sort(byAge);
    const live = new Set(found.live.values());
    if (this.#merge.isWasteful()) this.#merge = new Merge();
    this.#merge.add(retained.source ? [retained.source, ...sources] : sources, (source) => live.has(source));
    const families = this.#merge.result(wanted);
    families.push(badFilesFamily(badFiles + found.bad.filter((name) => !gone.has(name)).length));
    this.#fold(found, retained);
    leaveMark(this.#directory);
    return families;
  }

  /** A file that goes away while the directory is read has gone into the retained one, which therefore is read last. */
  async #find(): Promise<{ found: Found; retained: Retained }> {
    for (let attempt = 1; ; attempt++) {
      const found = nothingFound();
      const before = this.#readRetained(found);
      await this.#readAll(found);
      const retained = this.#readRetained(found);
      if (attempt === ATTEMPTS || isRecent(before.folded, retained.folded)) return { found, retained };
    }
  }

  async #readAll(found: Found): Promise<void> {
    const known = new Map<string, Source>();
    let turned = performance.now();
    for (const name of filesOf(this.#directory)) {
      const reading = await this.#readWhole(name);
      if ("source" in reading) known.set(name, reading.source);
      sort(name, reading, found);
      if (performance.now() - turned < TURN) continue;
      await turn();
      turned = performance.now();
    }
    this.#known = known;
  }

  async #readWhole(name: string): Promise<Reading> {
    for (let look = 1; ; look++) {
      const reading = readFile(this.#directory, name, this.#known.get(name));
      if (reading.state !== "torn") return reading;
      if (look === LOOKS) return { state: "bad" };
      await sleep(look);
    }
  }

  #readRetained(found: Found): Retained {
    try {
      const retained = readRetained(this.#directory, this.#retained);
      this.#retained = retained.source;
      return retained;
    } catch (error) {
      const known = this.#retained;
      if ((error as NodeJS.ErrnoException).code === "EACCES") found.denied.add(RETAINED);
      // Out of file descriptors, say.
      if (!(error instanceof BadFile) && known?.folded !== undefined) return { folded: known.folded, source: known };
      this.#retained = undefined;
      if (error instanceof BadFile && !found.bad.includes(RETAINED)) found.bad.push(RETAINED);
      return { folded: nothingFolded(), source: undefined };
    }
  }

  /** Numbers that are too low must not pass for all there is. */
  #tellDenied({ denied }: Found): void {
    if (denied.size === 0 || this.#toldDenied) return;
    this.#toldDenied = true;
    log.warn(`${this.#directory}: this user may not read ${denied.size} of the files; what is in them is missing`);
  }

  #fold({ dead, bad, live }: Found, { folded }: { folded: Folded }): void {
    try {
      removeUnfinished(this.#directory);
      const left = [...live.keys(), ...dead.keys()].some((name) => folded.gone.has(name));
      if (dead.size > 0 || bad.length > 0 || left) fold(this.#directory, dead, bad);
    } catch {
      // A directory that this process may read and not write: the files are read again the next time.
    }
  }
}

function sort(name: string, reading: Reading, found: Found): void {
  if (reading.state === "bad") found.bad.push(name);
  else if (reading.state === "denied") found.denied.add(name);
  else if ("source" in reading) found[reading.state].set(name, reading.source);
}

function byAge(a: Source, b: Source): number {
  const { started, random } = a.identity as Identity;
  const other = b.identity as Identity;
  return Number(started) - Number(other.started) || (random < other.random ? -1 : 1);
}

function badFilesFamily(value: number): Family {
  const name = BAD_FILES;
  const help =
    "Files of the metrics directory that were damaged, cut short, foreign or of a newer format, and left out.";
  return { name, help, type: "counter", samples: [{ name, labels: "", value }] };
}
