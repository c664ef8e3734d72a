import { setTimeout as sleep } from "node:timers/promises";
import { describe, expect, test } from "vitest";
import { clock, type Limited, settledWithin } from "../../dist/src/guard/owner/clock.js";

/** Notes when its time was over, in milliseconds since it was made. */
function limited(): Limited & { lateAfter: number[] } {
  const since = performance.now();
  const lateAfter: number[] = [];
  return { leftMs: 0, lateAfter, late: () => void lateAfter.push(performance.now() - since) };
}

/** Timers that keep the loop alive. */
const timers = (): number => process.getActiveResourcesInfo().filter((kind) => kind === "Timeout").length;

/** Whether nothing has a limit, so that whoever waits keeps no timer. */
function isStill(): boolean {
  const before = timers();
  const waited = clock.wait();
  const after = timers();
  waited();
  return after === before;
}

describe("a limit", () => {
  test("is over once, not before its time, however short another is that is set after it", async () => {
    const [long, short] = [limited(), limited()];
    clock.limit(200, long);
    clock.limit(20, short);
    while (long.lateAfter.length === 0) await sleep(5);
    await sleep(60);
    expect(short.lateAfter).toHaveLength(1);
    expect(short.lateAfter[0]).toBeGreaterThan(19);
    expect(long.lateAfter).toHaveLength(1);
    expect(long.lateAfter[0]).toBeGreaterThan(198);
  });

  test("that is stopped is never over, nor is one that another's end stops", async () => {
    const [stopped, second] = [limited(), limited()];
    const first: Limited = { leftMs: 0, late: () => clock.stop(second) };
    for (const one of [first, second, stopped]) clock.limit(20, one);
    clock.stop(stopped);
    await sleep(60);
    expect([stopped.lateAfter, second.lateAfter]).toEqual([[], []]);
  });

  test("keeps the loop alive only while somebody waits", () => {
    const before = timers();
    const one = limited();
    clock.limit(10_000, one);
    expect(timers()).toBe(before);
    const [waited, waitedToo] = [clock.wait(), clock.wait()];
    expect(timers()).toBe(before + 1);
    waited();
    expect(timers()).toBe(before + 1);
    waitedToo();
    expect(timers()).toBe(before);
    const again = clock.wait();
    clock.stop(one);
    expect(timers()).toBe(before);
    again();
  });

  test("does so also where somebody waited before it was set", () => {
    const before = timers();
    const waited = clock.wait();
    const one = limited();
    clock.limit(10_000, one);
    expect(timers()).toBe(before + 1);
    waited();
    clock.stop(one);
    expect(timers()).toBe(before);
  });
});

test("what waits in a call that is not to keep the loop alive does not; after it all is as before, also where it throws", () => {
  const before = timers();
  const one = limited();
  clock.limit(10_000, one);
  const failing = (): void =>
    clock.holding(false, () => {
      expect(clock.holds).toBe(false);
      clock.wait()();
      clock.wait();
      expect(timers()).toBe(before);
      expect(clock.holding(true, () => clock.holds)).toBe(true);
      throw new Error("thrown");
    });
  expect(failing).toThrow("thrown");
  expect(clock.holds).toBe(true);
  clock.stop(one);
});

describe("settledWithin", () => {
  const LONG = 60_000;

  test.each([
    ["is given", () => sleep(5)],
    ["is rejected", () => sleep(5).then(() => Promise.reject(new Error("refused")))],
  ])("is over when what it waits for %s", async (_, make) => {
    let settled = false;
    const promise = make().finally(() => {
      settled = true;
    });
    const before = timers();
    const within = settledWithin(LONG, promise);
    expect(timers()).toBe(before + 1);
    expect(await within).toBeUndefined();
    expect(settled).toBe(true);
    expect(isStill()).toBe(true);
  });

  test("is over after its time where that never comes", async () => {
    const since = performance.now();
    await settledWithin(30, new Promise(() => {}));
    expect(performance.now() - since).toBeGreaterThan(28);
    expect(isStill()).toBe(true);
  });
});

describe("thawed", () => {
  /** Nothing turns the loop meanwhile. */
  function freeze(ms: number): void {
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, ms);
  }

  test("is after a freeze a few turns of the loop away, for all that wait", async () => {
    const one = limited();
    clock.limit(10_000, one);
    freeze(600);
    const [thawed, too] = [clock.thawed(), clock.thawed()];
    expect(thawed).toBeInstanceOf(Promise);
    expect(too).toBe(thawed);
    let turns = 0;
    let counting = true;
    const count = (): void => {
      turns++;
      if (counting) setImmediate(count);
    };
    setImmediate(count);
    await thawed;
    counting = false;
    expect(turns).toBeGreaterThan(3);
    expect(clock.thawed()).toBeUndefined();
    clock.stop(one);
  });

  test("is there where the loop has turned, and where nothing had a limit during the freeze", () => {
    freeze(600);
    const one = limited();
    clock.limit(10_000, one);
    expect(clock.thawed()).toBeUndefined();
    clock.stop(one);
  });
});
