/** Processes that are killed, or refused, at each of their system calls, while a reader looks on. */

import { readdirSync } from "node:fs";
import { anotherBuild } from "./builds.mjs";
import { holdNames, interceptCalls } from "./calls.mjs";
import { holdClock } from "./clock.mjs";
import { Others } from "./others.mjs";
import { Reader } from "./reader.mjs";

/** @typedef {import("./calls.mjs").Intercept} Intercept */
/** @typedef {ReturnType<typeof holdClock>} Clock */

const PAGE = 4096;

const all = () => true;

/**
 * What a process does.
 * @typedef {object} Act
 * @property {(others: Others, clock: Clock) => unknown} [before] what is there
 * @property {(others: Others, before: any) => unknown} act
 * @property {number} [by] which of the processes does it, where its file is one of theirs
 * @property {true} [last] whether it ends with it
 */

/** @type {Readonly<Record<string, Act>>} */
export const ACTS = {
  "makes a file": { act: (others) => others.start(5), by: -1 },
  writes: { act: (others) => others.inc(), by: 0 },
  grows: { act: (others) => others.grow(), by: 0 },
  compacts: { act: (others) => others.compact(), by: 0 },
  ends: {
    act(others) {
      others.inc();
      others.stores[0]?.close();
    },
    by: 0,
    last: true,
  },
  "folds for the first time": { before: (others) => others.unfold(), act: (others) => others.fold() },
  folds: { act: (others) => others.fold() },
  "reads, folds and clears up": {
    async before(others, clock) {
      others.litter();
      const collector = new others.build.Collector(others.directory);
      await collector.collect(all);
      clock.pass(2000);
      return collector;
    },
    act: (_, collector) => collector.collect(all),
  },
};

/** @param {string} code */
const refusal = (code) => Object.assign(new Error(`${code}: refused`), { code });

class Killed extends Error {}

/**
 * How a call ends: each gives what stands before it and all that follow.
 * @type {Readonly<Record<string, () => Intercept>>}
 */
export const FATES = {
  /** What is closed, the kernel closes. */
  "a kill": () => (name, args, call) => {
    if (name !== "closeSync") throw new Killed();
    return call(...args);
  },
  "a kill in the midst of a write": () => {
    let isDead = false;
    return (name, args, call) => {
      const cut = !isDead && name === "writeSync" ? middleOf(args) : 0;
      if (cut > 0) call(args[0], args[1], args[2], cut, args[4]);
      isDead = true;
      if (name !== "closeSync") throw new Killed();
      return call(...args);
    };
  },
  "an input/output error": () => {
    let isOver = false;
    return (name, args, call) => {
      if (isOver) return call(...args);
      isOver = true;
      // Its descriptor is gone also where it fails.
      if (name === "closeSync") call(...args);
      throw refusal("EIO");
    };
  },
  "no descriptor left": () => (name, args, call) => {
    if (name === "openSync" || name === "readdirSync") throw refusal("EMFILE");
    return call(...args);
  },
  "a full disk": () => refusing("ENOSPC"),
  "a quota": () => refusing("EDQUOT"),
};

/**
 * Takes a part of the first write, and no other until there is room.
 * @param {string} code
 * @returns {Intercept}
 */
function refusing(code) {
  let isFull = false;
  return (name, args, call) => {
    const makes = name === "openSync" && (Number(args[1]) & 0o100) !== 0;
    if (!makes && !["writeSync", "mkdirSync"].includes(name)) return call(...args);
    const cut = isFull || name !== "writeSync" ? 0 : middleOf(args);
    isFull = true;
    if (cut === 0) throw refusal(code);
    return call(args[0], args[1], args[2], cut, args[4]);
  };
}

/**
 * How many bytes of a write come to a page whose end is in the midst of them.
 * @param {unknown[]} args of `writeSync`
 */
function middleOf([, , , length, position]) {
  const [bytes, at] = [Number(length), Number(position)];
  return Math.max(0, Math.floor((at + bytes / 2) / PAGE) * PAGE - at);
}

/**
 * @param {object} run
 * @param {import("./builds.mjs").Build} run.build
 * @param {Reader} run.reader
 * @param {Clock} run.clock
 * @param {(intercept: Intercept | undefined) => void} run.set
 * @param {string} act
 * @param {string} fate
 * @param {number} call which of the calls it befalls
 */
async function trial({ build, reader, clock, set }, act, fate, call) {
  const others = new Others(build, () => {});
  const { before, act: acts, by, last } = /** @type {Act} */ (ACTS[act]);
  const ready = await before?.(others, clock);
  const isKill = fate.startsWith("a kill");
  let { truth: least } = others;
  const bad = reader.read(others.directory).badFiles;
  const wrong = { fell: 0, wrong: 0, condemned: 0, left: 0 };
  const look = () => {
    const { total, badFiles } = reader.read(others.directory);
    if (total < least) wrong.fell = 1;
    if (total > others.truth) wrong.wrong = 1;
    if (badFiles > bad) wrong.condemned = 1;
    least = Math.max(least, total);
    return total;
  };
  let calls = 0;
  /** @type {Intercept | undefined} */
  let fated;
  set((name, args, go) => {
    if (fated === undefined && ++calls === call) {
      look();
      fated = FATES[fate]?.();
    }
    return fated === undefined ? go(...args) : fated(name, args, go);
  });
  try {
    await acts(others, ready);
  } catch (error) {
    // Whoever is dead says nothing, and a scrape that cannot read fails.
    const { code = "" } = /** @type {NodeJS.ErrnoException} */ (error);
    if (!isKill && !["EIO", "EMFILE"].includes(code)) throw error;
  }
  const isDone = fated === undefined;
  if (by !== undefined && (isKill || last)) others.stores.splice(by, 1)[0]?.close();
  set(undefined);
  if (isKill || last) others.truth = look();
  for (let i = 0; i < 2; i++) {
    clock.pass(2000);
    others.look();
    look();
  }
  const exactly = () => {
    if (look() !== others.truth) wrong.wrong = 1;
  };
  others.start(1);
  others.fold();
  exactly();
  others.end();
  const collector = new build.Collector(others.directory);
  for (let i = 0; i < 2; i++) {
    clock.pass(2000);
    await collector.collect(all);
  }
  collector.tidy(true);
  exactly();
  const left = readdirSync(others.directory).filter(
    (name) => !/^(retained\.v1\.flushguard|flushguard-bad)$/.test(name),
  );
  if (left.length > 0) wrong.left = 1;
  return { isDone, ...wrong };
}

/**
 * Has each fate befall each call of each act in turn.
 * @param {object} [options]
 * @param {Record<string, readonly [string, string][]>} [options.changes] to the build
 * @param {number} [options.step] only every so many calls
 * @param {readonly string[]} [options.acts]
 * @param {readonly string[]} [options.fates]
 */
export async function runAtEachCall({
  changes = {},
  step = 1,
  acts = Object.keys(ACTS),
  fates = Object.keys(FATES),
} = {}) {
  const build = await anotherBuild(changes);
  // One that folds would leave nothing for the process that it looks at.
  const folds = ["if (distrust(this.#directory) !== undefined)", "if (true)"];
  const { collector } = await anotherBuild({ "merge/collector.js": [/** @type {const} */ (folds)] });
  const reader = new Reader(collector);
  /** @type {Intercept | undefined} */
  let intercept;
  const release = interceptCalls((name, args, call) =>
    intercept === undefined ? call(...args) : intercept(name, args, call),
  );
  const clock = holdClock();
  const names = holdNames();
  const set = (/** @type {Intercept | undefined} */ next) => {
    intercept = next;
  };
  const rows = [];
  try {
    for (const act of acts) {
      for (const fate of fates) {
        const seen = { act, fate, runs: 0, fell: 0, wrong: 0, condemned: 0, left: 0 };
        for (let call = 1; ; call += step) {
          names.anew();
          const { isDone, ...found } = await trial({ build, reader, clock, set }, act, fate, call);
          if (isDone) break;
          seen.runs++;
          for (const [what, times] of Object.entries(found)) seen[/** @type {keyof found} */ (what)] += times;
        }
        rows.push(seen);
      }
    }
  } finally {
    set(undefined);
    names.end();
    clock.end();
    release();
    await reader.end();
  }
  return rows;
}
