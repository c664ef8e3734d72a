import { setImmediate as turn } from "node:timers/promises";
import { describe, expect, test } from "vitest";
import { Flight, Flights } from "../../dist/src/guard/owner/flights.js";

class Plain extends Flight {}

/** So many flights that have begun, the oldest first. */
function begun(count: number) {
  const flights = new Flights();
  const all = Array.from({ length: count }, () => new Plain());
  for (const flight of all) flights.begin(flight);
  return { flights, all: all as [Plain, Plain, Plain, ...Plain[]] };
}

/** Names of the promises that have settled, in the order in which they have. */
function settling(promises: Record<string, Promise<unknown> | undefined>): string[] {
  const settled: string[] = [];
  for (const [name, promise] of Object.entries(promises)) void promise?.then(() => settled.push(name));
  return settled;
}

describe("flights", () => {
  test("are waited for by those who came after them, whichever ends first", async () => {
    const { flights, all } = begun(3);
    expect([flights.size, flights.begun]).toEqual([3, 3]);
    expect(flights.over(0)).toBeUndefined();
    const settled = settling({ third: flights.over(3), first: flights.over(1), second: flights.over(2) });
    flights.end(all[1]);
    await turn();
    expect(settled).toEqual([]);
    flights.end(all[0]);
    await turn();
    expect(settled).toEqual(["first", "second"]);
    flights.end(all[2]);
    await turn();
    expect(settled).toEqual(["first", "second", "third"]);
    expect([flights.size, flights.begun, flights.over(3)]).toEqual([0, 3, undefined]);
  });

  test("end once", () => {
    const { flights, all } = begun(2);
    expect([flights.end(all[0]), flights.end(all[0])]).toEqual([true, false]);
    expect(flights.size).toBe(1);
    expect([flights.hasBefore(1), flights.hasBefore(2)]).toEqual([false, true]);
  });

  test("keep none of the others once they are over", () => {
    const { flights, all } = begun(3);
    flights.end(all[1]);
    expect([all[1].before, all[1].after]).toEqual([undefined, undefined]);
    expect([all[0].after, all[2].before]).toEqual([all[2], all[0]]);
  });

  test("that were given up are on their way until each has come", async () => {
    const { flights, all } = begun(3);
    expect([flights.hasOverdue, flights.overdue()]).toEqual([false, undefined]);
    for (const flight of all.slice(0, 2)) {
      flights.giveUp(flight);
      flights.end(flight);
    }
    expect([flights.hasOverdue, flights.size]).toEqual([true, 1]);
    const settled = settling({ overdue: flights.overdue() });
    flights.end(all[2]);
    flights.end(all[0]);
    await turn();
    expect(settled).toEqual([]);
    flights.end(all[1]);
    await turn();
    expect(settled).toEqual(["overdue"]);
    expect([flights.hasOverdue, flights.overdue()]).toEqual([false, undefined]);
  });
});

test("one whose call has returned went on after it, unless it has settled by then", async () => {
  const [settled, pending] = [new Plain(), new Plain()];
  settled.isOver = true;
  for (const flight of [settled, pending]) {
    expect(flight.wentOn).toBe(true);
    flight.returned();
    expect(flight.wentOn).toBe(false);
  }
  await turn();
  expect([settled.wentOn, pending.wentOn]).toEqual([false, true]);
});
