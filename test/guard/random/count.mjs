import { Script } from "node:vm";
import { installClock } from "./clock.mjs";
import { isTrue } from "./declare.mjs";
import { engineOf } from "./engine.mjs";
import { Trial } from "./trial.mjs";

/** The programs of some seeds, counted. Adds up with `join`. */
export class Counts {
  runs = 0;
  /**
   * Findings that are worse under the guard, by kind: how many, how many of classes as declared, and their seeds.
   * @type {Record<string, { all: number, declared: number, seeds: number[] }>}
   */
  worse = {};
  /**
   * Of those that are wrong without the guard, by kind: how many, and how many are so with it.
   * @type {Record<string, { without: number, still: number }>}
   */
  flaws = {};
  /**
   * Programs whose class is left alone, by reason.
   * @type {Record<string, number>}
   */
  declined = {};

  join(other) {
    this.runs += other.runs;
    for (const [kind, { all, declared, seeds }] of Object.entries(other.worse)) {
      this.worse[kind] ??= { all: 0, declared: 0, seeds: [] };
      const sum = this.worse[kind];
      sum.all += all;
      sum.declared += declared;
      sum.seeds.push(...seeds);
      sum.seeds.sort((a, b) => a - b);
    }
    for (const [kind, { without, still }] of Object.entries(other.flaws)) {
      this.flaws[kind] ??= { without: 0, still: 0 };
      const sum = this.flaws[kind];
      sum.without += without;
      sum.still += still;
    }
    for (const [reason, times] of Object.entries(other.declined)) {
      this.declined[reason] = (this.declined[reason] ?? 0) + times;
    }
    return this;
  }

  add(seed, { program, findings, flaws, declined }) {
    const count = new Counts();
    count.runs = 1;
    const declared = isTrue(program) ? 1 : 0;
    for (const { kind } of findings) count.worse[kind] = { all: 1, declared, seeds: [seed] };
    for (const kind of flaws.without) count.flaws[kind] = { without: 1, still: flaws.guarded.has(kind) ? 1 : 0 };
    if (declined !== undefined) count.declined[declined] = 1;
    this.join(count);
  }

  get totals() {
    const sum = (of, field) =>
      Object.values(of).reduce((all, entry) => all + (field === undefined ? entry : entry[field]), 0);
    return {
      worse: sum(this.worse, "all"),
      declaredWorse: sum(this.worse, "declared"),
      flaws: sum(this.flaws, "without"),
      still: sum(this.flaws, "still"),
      declined: sum(this.declined),
    };
  }
}

/** Programs that are watched together, and how long they may take: a thousand times what they do. */
const WATCHED = 50;
const TIMEOUT_MS = 20_000;

/**
 * Runs the programs of seeds `from` to `from + runs - 1`, in this process.
 * @returns the counts, and the seed to go on from: in another process, where a program does not end and cannot be stopped
 */
export function count(guard, from, runs) {
  const counts = new Counts();
  const trial = new Trial(guard);
  let seed = from;
  const some = () => {
    for (const end = Math.min(seed + WATCHED, from + runs); seed < end; seed++) counts.add(seed, trial.ofSeed(seed));
  };
  while (seed < from + runs) {
    try {
      globalThis[SOME] = some;
      watched.runInThisContext({ timeout: TIMEOUT_MS });
    } catch (error) {
      if (error.code !== "ERR_SCRIPT_EXECUTION_TIMEOUT") throw error;
      const count = new Counts();
      count.runs = 1;
      if (trial.isGuarded) count.worse.endless = { all: 1, declared: 0, seeds: [seed] };
      return { counts: counts.join(count), next: seed + 1 };
    }
  }
  return { counts, next: seed };
}

const SOME = Symbol.for("flushguard.test.some");
const watched = new Script(`globalThis[Symbol.for("flushguard.test.some")]()`);

/** The same, called in a process of its own. */
if (process.send !== undefined && process.argv[1] === import.meta.filename) {
  installClock();
  const guard = await engineOf(process.argv[2]);
  // A message comes in a tick, inside of which no other ticks run.
  process.on("message", ({ from, runs }) => setImmediate(() => process.send(count(guard, from, runs))));
}
