import { setImmediate as turn } from "node:timers/promises";
import fc from "fast-check";
import { afterEach, describe, expect, test, vi } from "vitest";
import { GuardedClass } from "../../dist/src/guard/owner/guarded-class.js";
import { setLogLevel } from "../../dist/src/log.js";
import { observeEngine } from "../../dist/src/observe/engine.js";
import { seenOf } from "../../dist/src/observe/seen.js";
import { guardMethods } from "../../dist/src/patch/guard-methods.js";
import { type Model, models, Sink } from "./model-clients.js";

setLogLevel("silent");

/** What the app or the network does next; the number picks which send is answered. */
type Step = "record" | "flush" | { answer: number; succeeds: boolean };

let runs = 0;

/** Takes the steps with an observed client, then answers every send. */
async function take(Client: new (sink: Sink) => Model, steps: readonly Step[]) {
  const Observed = class extends Client {};
  const roles = { record: ["record"], flush: ["flush"], buffers: { buffer: "append" } } as const;
  const guarded = new GuardedClass(`model ${runs++}`, roles, { flushTimeoutMs: 10_000, maxHeld: 1 });
  expect(guardMethods(guarded, Observed.prototype, observeEngine)).toMatchObject({ notes: [] });
  const sink = new Sink();
  const client = new Observed(sink);
  let recorded = 0;
  for (const step of steps) {
    if (step === "record") client.record(recorded++);
    else if (step === "flush") client.flush().catch(() => {});
    else sink.waiting.splice(step.answer % Math.max(sink.waiting.length, 1), 1)[0]?.(step.succeeds);
    if (step !== "record") await turn();
    await turn();
  }
  for (let answer = sink.waiting.shift(); answer !== undefined; answer = sink.waiting.shift()) {
    answer(true);
    await turn();
    await turn();
  }
  const there = [...sink.delivered, ...client.left];
  const distinct = new Set(there).size;
  return {
    measured: { lost: recorded - distinct, repeated: there.length - distinct },
    seen: seenOf(guarded.name),
    errors: guarded.counters.errors,
    field: Object.getOwnPropertyDescriptor(client, "buffer"),
  };
}

const steps = (fails: boolean) =>
  fc.array(
    fc.oneof(
      { weight: 4, arbitrary: fc.constant<Step>("record") },
      { weight: 2, arbitrary: fc.constant<Step>("flush") },
      {
        weight: 3,
        arbitrary: fc.record({ answer: fc.nat(5), succeeds: fails ? fc.boolean() : fc.constant(true) }),
      },
    ),
    { maxLength: 16 },
  );

describe.each(Object.entries(models))("a client that %s", (name, Client) => {
  // What a part, or what was taken out late, has become of after a failure cannot be told from outside.
  const outcomes = /part by part|once it is connected/.test(name) ? [false] : [false, true];
  test.each(outcomes)("is seen to lose and repeat exactly what it does (sends may fail: %s)", async (fails) => {
    await fc.assert(
      fc.asyncProperty(steps(fails), async (taken) => {
        const { measured, seen, errors, field } = await take(Client, taken);
        const lost = (seen["lost update"] ?? 0) + (seen["failed send"] ?? 0);
        expect({ lost, repeated: seen["double send"] ?? 0 }).toEqual(measured);
        expect(errors).toBe(0);
        // A plain field again.
        expect(field).toHaveProperty("value");
      }),
      { numRuns: 300 },
    );
  });
});

afterEach(() => {
  vi.unstubAllGlobals();
});

test("timers that the app has replaced are not the observer's", async () => {
  const timers = ["setTimeout", "setInterval", "setImmediate"].map((name) => {
    const timer = vi.fn();
    vi.stubGlobal(name, timer);
    return timer;
  });
  const steps: Step[] = ["record", "flush", "record", { answer: 0, succeeds: true }];
  const { seen } = await take(models["clears its list in place"], steps);
  expect(seen).toEqual({ "lost update": 1 });
  for (const timer of timers) expect(timer).not.toHaveBeenCalled();
});

test("what is asserted above happens: a list that is replaced loses and repeats", async () => {
  const { measured } = await take(models["replaces its list after the send"], [
    "record",
    "flush",
    "record",
    "flush",
    "record",
  ]);
  expect(measured).toEqual({ lost: 1, repeated: 1 });
});
