import { setTimeout as sleep } from "node:timers/promises";
import { expect, test } from "vitest";
import { Sink } from "./clients/sink.js";
import { SwapThenSend } from "./clients/swap-then-send.js";
import { guardedCopy, sorted } from "./guarded.js";

test("guarantee 10: ten overlapping flushes of a detaching sender are sent at once", async () => {
  const { Client, counters } = guardedCopy(SwapThenSend, { record: ["record"], flush: ["flush"], batch: "detached" });
  const sink = new Sink(() => sleep(100));
  const client = new Client(sink);
  const flushes: Promise<void>[] = [];
  for (let id = 0; id < 10; id++) {
    client.record(id);
    flushes.push(client.flush());
  }
  expect(sink.open).toBe(10);
  await Promise.all(flushes);
  expect(sorted(sink.delivered)).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9]);
  expect(counters.flushes).toBe(10);
});
