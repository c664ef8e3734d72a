import { execFile } from "node:child_process";
import { join, resolve } from "node:path";
import { promisify } from "node:util";
import { describe, expect, test } from "vitest";
import type { Counts } from "./count.mjs";

/** What must hold of the programs that every run of the tests plays; `npm run test:long` plays others. */
const GOAL = {
  /** Programs, and the seed of the first. */
  runs: 20_000,
  seed: 1,
  /** Findings that are worse under the guard; each kind of them is in docs/limits.md. */
  worse: 20,
  /** The same, of classes that are as they are declared and guarded whole before their first use. */
  declaredWorse: 0,
  /**
   * Of what is lost, repeated or returned early without the guard, how much is still so with it: as much as with the guard
   * that ran every flush on a view. The rest is in calls that it does not see and classes that it cannot guard.
   */
  stillShare: 0.44,
  /** How many classes are left alone. */
  declinedShare: 0.15,
};

const dist = resolve(import.meta.dirname, "../../../dist");
const TIMEOUT_MS = 600_000;

async function run(file: string, ...options: string[]): Promise<unknown> {
  const { stdout } = await promisify(execFile)(process.execPath, [join(import.meta.dirname, file), ...options], {
    maxBuffer: 10_000_000,
  });
  return JSON.parse(stdout);
}

describe("guarantee 6: no program is worse off with the guard than without it", () => {
  test(`${GOAL.runs} random programs`, { timeout: TIMEOUT_MS }, async () => {
    const options = ["--runs", String(GOAL.runs), "--seed", String(GOAL.seed), "--dist", dist, "--json"];
    const { counts, totals } = (await run("main.mjs", ...options)) as { counts: Counts; totals: Counts["totals"] };
    // The kinds first: they say where to look.
    const few = totals.worse <= GOAL.worse && totals.declaredWorse <= GOAL.declaredWorse;
    expect(few ? {} : counts.worse).toEqual({});
    expect(totals.still / totals.flaws).toBeLessThanOrEqual(GOAL.stillShare);
    expect(totals.declined / counts.runs).toBeLessThanOrEqual(GOAL.declinedShare);
  });

  test("their exit codes, as processes", { timeout: TIMEOUT_MS }, async () => {
    const ends = (await run("exits.mjs", dist, "6")) as { seed: number; without: number; guarded: number }[];
    expect(ends.filter(({ without, guarded }) => guarded !== without && guarded !== 0)).toEqual([]);
  });

  test("what is left of them in memory", { timeout: TIMEOUT_MS }, async () => {
    type Left = { clients: number; bytesEach: number };
    const { without, guarded } = (await run("memory.mjs", dist, "500")) as { without: Left; guarded: Left };
    expect(guarded.clients).toBe(without.clients);
    expect(guarded.bytesEach).toBeLessThanOrEqual(without.bytesEach + 200);
  });
});
