/** Readers that are held up before each of their system calls, while others are at work on the same files. */

import fs from "node:fs";
import { createRequire, syncBuiltinESMExports } from "node:module";
import { anotherBuild } from "./builds.mjs";
import { temporaryFolder } from "./run.mjs";

/** @typedef {import("./builds.mjs").Build} Build */

const CALLS = /** @type {const} */ ([
  "openSync",
  "fstatSync",
  "statSync",
  "lstatSync",
  "readSync",
  "writeSync",
  "closeSync",
  "readdirSync",
  "renameSync",
  "unlinkSync",
  "mkdirSync",
  "utimesSync",
]);

const native = createRequire(import.meta.url)(
  `fs-native-extensions/prebuilds/${process.platform}-${process.arch}/fs-native-extensions.node`,
);

/** @type {(() => void) | undefined} */
let before;

/** @param {(...args: never[]) => unknown} original */
const held =
  (original) =>
  /** @param {unknown[]} args */
  (...args) => {
    before?.();
    return Reflect.apply(original, fs, args);
  };

/** Has every system call of this process ask `before` first. @returns takes it back */
function holdCalls() {
  const originals = CALLS.map((name) => /** @type {const} */ ([name, fs[name]]));
  const { tryLock } = native;
  for (const [name, original] of originals) Reflect.set(fs, name, held(/** @type {any} */ (original)));
  native.tryLock = held(tryLock);
  syncBuiltinESMExports();
  return () => {
    for (const [name, original] of originals) Reflect.set(fs, name, original);
    native.tryLock = tryLock;
    syncBuiltinESMExports();
  };
}

/** Time that passes when it is told to. */
function holdClock() {
  const [clock, { now }] = [Date.now, performance];
  let passed = 0;
  Date.now = () => clock() + passed;
  performance.now = () => now.call(performance) + passed;
  return {
    pass: (/** @type {number} */ milliseconds) => {
      passed += milliseconds;
    },
    end: () => {
      Date.now = clock;
      performance.now = now;
    },
  };
}

const JOBS = /** @type {const} */ ({ name: "jobs_total", help: "Jobs.", type: "counter" });
const CHURN = /** @type {const} */ ({ name: "churn_total", help: "Label sets that come and go.", type: "counter" });

/** A directory with processes of another build in it: two that live, and what is left of one that does not. */
class Others {
  truth = 0;
  /** @type {InstanceType<Build["Store"]>[]} */
  stores = [];

  /** @param {Build} build */
  constructor(build) {
    this.build = build;
    this.directory = temporaryFolder();
    for (let i = 0; i < 3; i++) this.start(100);
    this.die();
    this.fold();
    this.start(500);
    this.die();
  }

  /** @param {number} value */
  start(value) {
    const store = new this.build.Store(this.directory, (error) => {
      throw error;
    });
    this.stores.push(store);
    this.inc(value, store);
  }

  inc(value = 1, store = this.store()) {
    store.series(store.family(JOBS), { of: String(this.truth) }).add(value);
    this.truth += value;
    store.flush();
  }

  grow() {
    const store = this.store();
    for (let i = 0; i < 300; i++) store.series(store.family(JOBS), { new: `${this.truth}-${i}` }).add(1);
    this.truth += 300;
    store.flush();
  }

  /** Has the file laid out anew, in another one in its place. */
  compact() {
    const store = this.store();
    const churn = store.family(CHURN);
    for (let round = 0; round < 4; round++) {
      const series = Array.from({ length: 100 }, (_, i) => store.series(churn, { i: `${round}-${i}` }));
      store.flush();
      for (const one of series) one.clear();
    }
    this.inc();
  }

  die() {
    this.stores.shift()?.close();
  }

  restart() {
    this.die();
    this.start(1);
  }

  fold() {
    new this.build.Collector(this.directory).tidy();
  }

  look() {
    for (const store of this.stores) store.flush(true);
  }

  store() {
    const store = this.stores[0];
    if (store === undefined) throw new Error("nobody lives");
    return store;
  }

  end() {
    for (const store of this.stores) store.close();
  }
}

/** What others may do, at once. @type {Readonly<Record<string, (others: Others) => void>>} */
const EVENTS = {
  inc: (others) => others.inc(),
  grow: (others) => others.grow(),
  compact: (others) => others.compact(),
  restart: (others) => others.restart(),
  fold: (others) => others.fold(),
  "compact and fold": (others) => {
    others.compact();
    others.fold();
  },
  "die and fold": (others) => {
    others.restart();
    others.fold();
  },
  "grow, compact and fold": (others) => {
    others.grow();
    others.compact();
    others.fold();
  },
};

/**
 * @param {Build} build of the reader
 * @param {Build} other of all others
 * @param {string} event
 * @param {boolean} warm whether the reader has read before
 * @param {number} call before which of the reader's system calls it happens
 * @param {ReturnType<typeof holdClock>} clock
 */
async function trial(build, other, event, warm, call, clock) {
  const others = new Others(other);
  const reader = new build.Collector(others.directory);
  let least = others.truth;
  let fell = 0;
  let condemned = 0;
  const scrape = async (collector = reader) => {
    const atLeast = Math.max(least, others.truth);
    const { families, health } = await collector.collect(() => true);
    const jobs = [...(families.find(({ name }) => name === JOBS.name)?.samples ?? [])];
    const total = jobs.reduce((sum, { value }) => sum + value, 0);
    if (total < atLeast) fell++;
    least = Math.max(least, total);
    condemned = Math.max(condemned, health.badFiles);
    return total;
  };
  if (warm) await scrape();
  let calls = 0;
  before = () => {
    if (++calls !== call) return;
    const again = before;
    before = undefined;
    EVENTS[event]?.(others);
    before = again;
  };
  await scrape();
  before = undefined;
  for (let i = 0; i < 3; i++) {
    clock.pass(2000);
    others.look();
    await scrape();
  }
  const wrong = Number((await scrape(new build.Collector(others.directory))) !== others.truth);
  others.end();
  return { fell: Math.min(fell, 1), wrong, condemned: Math.min(condemned, 1), done: calls < call };
}

/**
 * Holds a reader before each of its system calls in turn, and has something happen there.
 * @param {object} [options]
 * @param {Record<string, readonly [string, string][]>} [options.changes] to the build of the reader and the others
 * @param {number} [options.step] only every so many calls
 * @param {readonly string[]} [options.events] all, unless some are named
 */
export async function runInterleaved({ changes = {}, step = 1, events = Object.keys(EVENTS) } = {}) {
  const [build, other] = await Promise.all([anotherBuild(changes), anotherBuild(changes)]);
  const seen = { runs: 0, fell: 0, wrong: 0, condemned: 0 };
  const release = holdCalls();
  const clock = holdClock();
  try {
    for (const event of events) {
      for (const warm of [false, true]) {
        for (let call = 1; ; call += step) {
          const { done, ...found } = await trial(build, other, event, warm, call, clock);
          if (done) break;
          seen.runs++;
          seen.fell += found.fell;
          seen.wrong += found.wrong;
          seen.condemned += found.condemned;
        }
      }
    }
  } finally {
    before = undefined;
    clock.end();
    release();
  }
  return seen;
}
