import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { chmodSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { coveredIn, covers, publishedIn } from "./coverage.mjs";
import { mutated } from "./mutants.mjs";
import { Published } from "./published.mjs";

/** Random programs that every mutant is tried on. */
const PROGRAMS = 400;
const QUICK_TIMEOUT_MS = 30_000;
/** What the programs that every run of the tests plays are looked at by; it takes a minute, so it comes last. */
const ALL_PROGRAMS = ["test/guard/random/random.test.ts", "-t", "random programs"];
const ALL_PROGRAMS_TIMEOUT_MS = 900_000;
/** A mutant may make a test wait, where without it the test is over in so many times less. */
const PATIENCE = 3;
const START_MS = 20_000;
/** With all that it starts: https://github.com/nodejs/node/blob/v24.0.0/src/spawn_sync.cc takes it as `spawn` does. */
const OWN_GROUP = { detached: true };

/** Runs the tests of a copy of the repository while one of its files is broken. */
export class Trials {
  /** By test: what it was, how long it takes, and the pieces of the files that it runs. */
  #tests = {};
  #quick;

  /** @param programs whether random programs are run first, which the guard alone decides on */
  constructor(copy, coverageFile, tests, files, programs) {
    this.programs = programs;
    this.copy = copy;
    this.published = new Published(copy);
    this.coverageFile = coverageFile;
    this.tests = tests.filter((test) => !/guard\/(?:random|written)\//.test(test));
    this.files = files;
  }

  /**
   * Runs each test once, to see that it passes, how long it takes and what it runs.
   * @param until when to stop: what is known by then is kept
   * @returns whether all is known
   */
  prepare(until) {
    if (this.programs) this.#quick = this.#runQuick();
    if (this.programs && (this.#quick === undefined || this.#allProgramsNotice()))
      throw new Error("the random and written programs do not run on this build as they are known to");
    if (existsSync(this.coverageFile)) this.#tests = JSON.parse(readFileSync(this.coverageFile, "utf8"));
    for (const test of this.tests) {
      // One that has been changed since may run more.
      const source = createHash("sha256")
        .update(readFileSync(join(this.copy, test)))
        .digest("hex");
      if (this.#tests[test]?.source === source) continue;
      if (Date.now() > until) return false;
      this.#tests[test] = { source, ...this.#try(test) };
      console.log(`${this.#tests[test].fails ? "FAILS, so it is left out:" : "passes"}  ${test}`);
      writeFileSync(this.coverageFile, JSON.stringify(this.#tests));
    }
    return true;
  }

  #try(test) {
    const folder = mkdtempSync(join(tmpdir(), "flushguard-coverage-"));
    // A test may become another user, whose processes write theirs too.
    chmodSync(folder, 0o777);
    const since = Date.now();
    const passes = this.#vitest([test], START_MS * 15, { NODE_V8_COVERAGE: folder });
    const dist = join(this.copy, "dist");
    const pieces = coveredIn(folder, dist, this.files);
    const published = publishedIn(folder, dist);
    rmSync(folder, { recursive: true });
    return passes ? { ms: Date.now() - since, pieces, published } : { fails: true };
  }

  /** The name of what has noticed the mutant. */
  killerOf(file, source, mutant) {
    const path = join(this.copy, "dist", file);
    const broken = mutated(source, mutant);
    writeFileSync(path, broken);
    try {
      if (this.programs && this.#quickNotices()) return "the programs";
      // To V8 an operator is a piece with its right side, which those that need no more than the left one do not run.
      if (this.#oneNotices(({ pieces }) => covers(pieces?.[file], mutant.start - 1))) return "the tests";
      if (this.programs && this.#allProgramsNotice()) return "all programs";
    } finally {
      writeFileSync(path, source);
    }
    const names = this.published.namesOf(file);
    const loads = ({ published }) => published?.some((name) => names.includes(name));
    return this.published.with(file, broken, () => this.#oneNotices(loads)) ? "the processes" : undefined;
  }

  /** Whether one of these tests fails. */
  #oneNotices(wanted) {
    const tests = Object.entries(this.#tests)
      .filter(([, test]) => wanted(test))
      .sort(([, a], [, b]) => a.ms - b.ms);
    if (tests.length === 0) return false;
    const time = tests.reduce((sum, [, { ms }]) => sum + ms, START_MS);
    return !this.#vitest(
      tests.map(([test]) => test),
      time * PATIENCE,
    );
  }

  /** Whether the programs behave so that their tests fail. */
  #quickNotices() {
    const now = this.#runQuick();
    if (now === undefined) return true;
    const { outcomes, worse, flaws, declined } = this.#quick;
    return (
      JSON.stringify(now.outcomes) !== JSON.stringify(outcomes) ||
      now.worse > worse + 1 ||
      sum(now.flaws, "still") > sum(flaws, "still") + 0.1 * sum(flaws, "without") ||
      sum(now.declined) > sum(declined) + 0.1 * PROGRAMS
    );
  }

  #allProgramsNotice() {
    return !this.#vitest(ALL_PROGRAMS, ALL_PROGRAMS_TIMEOUT_MS);
  }

  #runQuick() {
    const arguments_ = [join(this.copy, "test/mutation/quick.mjs"), this.copy, String(PROGRAMS)];
    const { status, stdout } = spawnSync(process.execPath, arguments_, {
      timeout: QUICK_TIMEOUT_MS,
      killSignal: "SIGKILL",
      encoding: "utf8",
      maxBuffer: 50_000_000,
    });
    // A mutant may end the process before it has run them.
    return status === 0 && stdout !== "" ? JSON.parse(stdout) : undefined;
  }

  /** Whether the tests pass, up to the first that does not. */
  #vitest(tests, timeout, env = {}) {
    const vitest = join(this.copy, "node_modules/vitest/vitest.mjs");
    const options = ["run", "--bail", "1", "--config", "test/mutation/vitest.config.ts", ...tests];
    const { status, pid } = spawnSync(process.execPath, [vitest, ...options], {
      cwd: this.copy,
      timeout,
      killSignal: "SIGKILL",
      stdio: "ignore",
      env: { ...process.env, ...env },
      ...OWN_GROUP,
    });
    end(pid);
    return status === 0;
  }
}

/** A mutant may keep the processes that a test has started from ending. */
function end(group) {
  try {
    process.kill(-group, "SIGKILL");
  } catch {
    // All have ended.
  }
}

const sum = (of, field) => Object.values(of).reduce((all, one) => all + (field === undefined ? one : one[field]), 0);
