/** Readers that are held up before each of their system calls, while others are at work on the same files. */

import { anotherBuild } from "./builds.mjs";
import { holdNames, interceptCalls } from "./calls.mjs";
import { holdClock } from "./clock.mjs";
import { JOBS, Others } from "./others.mjs";

/** @typedef {import("./builds.mjs").Build} Build */

/** @type {(() => void) | undefined} */
let before;

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
  const release = interceptCalls((_name, args, call) => {
    before?.();
    return call(...args);
  });
  const clock = holdClock();
  const names = holdNames();
  try {
    for (const event of events) {
      for (const warm of [false, true]) {
        for (let call = 1; ; call += step) {
          names.anew();
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
    names.end();
    clock.end();
    release();
  }
  return seen;
}
