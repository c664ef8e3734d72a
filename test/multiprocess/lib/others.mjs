/** Processes of another build that share a directory, at work one call at a time. */

import { rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { temporaryFolder } from "./run.mjs";

/** @typedef {import("./builds.mjs").Build} Build */

export const JOBS = /** @type {const} */ ({ name: "jobs_total", help: "Jobs.", type: "counter" });
const CHURN = /** @type {const} */ ({ name: "churn_total", help: "Label sets that come and go.", type: "counter" });

/** A directory with processes of another build in it: two that live, and what is left of one that does not. */
export class Others {
  truth = 0;
  /** @type {InstanceType<Build["Store"]>[]} */
  stores = [];

  /**
   * @param {Build} build
   * @param {(error: unknown) => void} [onError] takes what the disk refuses
   */
  constructor(
    build,
    onError = (error) => {
      throw error;
    },
  ) {
    this.build = build;
    this.onError = onError;
    this.directory = temporaryFolder();
    for (let i = 0; i < 3; i++) this.start(100);
    this.die();
    this.fold();
    this.start(500);
    this.die();
  }

  /** @param {number} value */
  start(value) {
    const store = new this.build.Store(this.directory, this.onError);
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

  /** As if nobody had folded yet. */
  unfold() {
    this.end();
    rmSync(this.directory, { recursive: true });
    this.truth = 0;
    for (let i = 0; i < 2; i++) this.start(100);
    this.die();
  }

  /** What processes have left that were killed at once, and what nobody can read. */
  litter() {
    const name = (/** @type {number} */ pid) => join(this.directory, `${pid}-0-abcdef.v1.flushguard`);
    writeFileSync(name(4_000_001), "");
    writeFileSync(name(4_000_002), "nothing of ours");
    writeFileSync(`${name(4_000_003)}.new`, "");
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
    for (const store of this.stores.splice(0)) store.close();
  }
}
