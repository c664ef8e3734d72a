import { describe, expect, test } from "vitest";
import { filesIn, folder, samples } from "./in-process.js";
import { runGenerations } from "./lib/generations.mjs";
import { refusal, startContained } from "./lib/namespaces.mjs";
import { runPm2 } from "./lib/pm2.mjs";
import { run } from "./lib/run.mjs";

const CLIENT = "prom-client";
const PER_TICK = 10;
/** What a killed process may lose is what it has counted in FLUSHGUARD_MULTIPROCESS_FLUSH_MS. @param everyMs between two ticks that count */
const mostLost = (everyMs: number) => PER_TICK * (10 / everyMs + 2);
const WORKERS = 4;

describe("under cluster", () => {
  const app = (guarded: boolean, more: object) =>
    run(
      "cluster-app",
      {
        client: CLIENT,
        truth: folder(),
        seconds: 3,
        workers: WORKERS,
        perTick: PER_TICK,
        killEvery: 0,
        stop: false,
        ...more,
      },
      { guarded },
    );

  test("workers that are killed lose their last ten milliseconds at most, and no scrape fails or falls", async () => {
    const { recorded, delivered, observed, kills, failures, backwards } = await app(true, { killEvery: 300, kills: 6 });
    expect(kills).toBeGreaterThan(5);
    expect({ failures, backwards }).toEqual({ failures: [], backwards: 0 });
    // Those that live are stopped for the last scrape, in the midst of a tick perhaps.
    expect(recorded - delivered).toBeLessThanOrEqual((kills + WORKERS) * mostLost(1));
    expect(recorded).toBeGreaterThanOrEqual(delivered);
    // Each is ended or stopped once, perhaps between the two that it counts.
    expect(Math.abs(observed - delivered)).toBeLessThanOrEqual(kills + WORKERS);
  });

  test("without the guard they lose everything", async () => {
    const { recorded, delivered, kills } = await app(false, { killEvery: 300, kills: 6 });
    expect(recorded - delivered).toBeGreaterThan((kills + WORKERS) * mostLost(1));
  });

  test("a worker that is stopped keeps no scrape waiting", async () => {
    const { failures, latencies, backwards } = await app(true, { stop: true });
    expect({ failures, backwards }).toEqual({ failures: [], backwards: 0 });
    // Without the guard each fails, after 5 s.
    expect(Math.max(...latencies)).toBeLessThan(5000);
    expect(latencies.length).toBeGreaterThan(10);
  });
});

describe("under pm2", () => {
  test("every instance shows all totals, through kills and a reload", async () => {
    const { recorded, shown, kills, reloads, backwards } = await runPm2(CLIENT, true, 4);
    expect({ reloads, backwards }).toEqual({ reloads: 1, backwards: 0 });
    expect(kills).toBeGreaterThan(1);
    expect(new Set(shown).size).toBe(1);
    const [delivered = 0] = shown;
    expect(delivered).toBeLessThanOrEqual(recorded);
    expect(recorded - delivered).toBeLessThanOrEqual((kills + reloads * WORKERS) * mostLost(2));
  });
});

describe("equal process ids", () => {
  const threads = (guarded: boolean, exit = false) =>
    run("threads-app", { client: CLIENT, threads: 4, each: 1000, exit }, { guarded });

  test("threads of one process each count, while they live and when they have ended", async () => {
    expect(await threads(true)).toEqual({ recorded: 5000, delivered: 5000 });
    expect(await threads(true, true)).toEqual({ recorded: 5000, delivered: 5000 });
  });

  test("without the guard only the main thread does", async () => {
    expect(await threads(false)).toEqual({ recorded: 5000, delivered: 1000 });
  });

  const refused = refusal();
  test(`processes of two pid namespaces each count${refused ? ` (no namespaces here: ${refused})` : ""}`, async () => {
    if (refused !== undefined) return;
    const directory = folder();
    const containers = await Promise.all([0, 1].map(() => startContained(directory, { client: CLIENT, each: 500 })));
    const [one, other] = containers;
    expect(one?.pid).toBe(other?.pid);
    const both = await samples(directory);
    expect(both.jobs_total).toBe(1000);
    const workers = Object.keys(both).filter((name) => name.startsWith("workers{"));
    expect(workers).toEqual([1, 2].map(() => expect.stringMatching(/^workers\{pid="1@\d+"\}$/)));
    expect(new Set(workers).size).toBe(2);
    await one?.end();
    expect((await samples(directory)).jobs_total).toBe(1000);
    expect(filesIn(directory)).toHaveLength(2);
    await other?.end();
    expect((await samples(directory)).jobs_total).toBe(1000);
    expect(filesIn(directory)).toEqual(["retained.v1.flushguard"]);
  });
});

const GENERATIONS = 20;

test("the directory does not grow with the processes that come and go", async () => {
  const { recorded, delivered, observed, gauge, most, left, backwards } = await runGenerations(CLIENT, GENERATIONS, 4);
  expect({ delivered, observed, gauge, backwards }).toEqual({
    delivered: expect.closeTo(recorded, 9),
    observed: GENERATIONS,
    gauge: undefined,
    backwards: 0,
  });
  expect(most).toBeLessThanOrEqual(5);
  expect(left).toBe(1);
});

test("without a reader it does not grow either", async () => {
  const directory = folder();
  const once = () => run("client-app", { client: CLIENT, scenario: "idle", api: "" }, { guarded: true, directory });
  for (let i = 0; i < 5; i++) await once();
  expect(filesIn(directory)).toHaveLength(2);
  expect(await samples(directory)).toEqual({ c_total: 5 });
});
