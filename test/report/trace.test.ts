import { fileURLToPath } from "node:url";
import { expect, it } from "vitest";
import { Ledger } from "../../dist/src/proofs/ledger.js";
import { runScenario } from "../../dist/src/proofs/run.js";
import { notePacket, noteSend, recorder, startRecorder } from "../../dist/src/proofs/trace/recorder.js";
import { type Trace, traceOf } from "../../dist/src/proofs/trace/trace.js";

const cwd = fileURLToPath(new URL("../..", import.meta.url));

async function traced(module: string, scenario: string, guarded: boolean): Promise<Trace> {
  const { outcome, trace } = await runScenario(module, scenario, { guarded, cwd, timeoutMs: 55_000, trace: true });
  const noted = trace?.records.reduce((sum, [, , count]) => sum + count, 0);
  expect(noted).toBe(outcome?.recorded);
  return trace as Trace;
}

it("counts without noting anything, unless it is asked to", () => {
  expect(recorder()).toBeUndefined();
  const ledger = new Ledger(
    () => ["a b", "b"],
    (line) => line.split(" "),
  );
  for (const id of ["a", "b", "c"]) expect(ledger.add(id)).toBe(id);
  notePacket(["a b"]);
  expect(ledger.count()).toEqual({ recorded: 3, delivered: 3, distinct: 2 });
  expect(recorder()).toBeUndefined();
});

/** Records a to e: a arrives, b twice, c and d late, e never. */
function noted(recorded: number): Trace {
  const started = startRecorder();
  const lines: string[] = [];
  const ledger = new Ledger(
    () => lines,
    (line) => line.split(" "),
  );
  for (const id of ["a", "b", "c", "d", "e"]) ledger.add(id);
  for (const line of ["a b", "b"]) {
    notePacket([line]);
    lines.push(line);
  }
  const refused = noteSend();
  Object.assign(refused, { items: ["c d"], to: performance.now(), status: 503 });
  const outcome = ledger.count();
  const unanswered = noteSend();
  unanswered.items = ["e"];
  notePacket(["c d"]);
  Object.assign(started.sends.at(-1) ?? {}, { to: performance.now() + 1 });
  return traceOf(started, { ...outcome, recorded });
}

it("tells what became of each record, and of each send what it carried", () => {
  const { records, sends, late } = noted(5);
  const fates = records.flatMap(([, fate, count]) => Array.from({ length: count }, () => fate));
  expect(fates).toEqual(["delivered", "doubled", "lost", "lost", "lost"]);
  expect(sends.map(({ values, repeats, status }) => [values, repeats, status])).toEqual([
    [2, 0, undefined],
    [1, 1, undefined],
    [2, 0, 503],
    [1, 0, undefined],
    [2, 0, undefined],
  ]);
  expect(sends[3]?.to).toBeUndefined();
  expect(late).toBe(2);
});

it("does not call lost what the client itself reports as refused", () => {
  const { records, late } = noted(2);
  expect(records.map(([, fate]) => fate)).not.toContain("lost");
  expect(records.filter(([, fate]) => fate === "dropped").reduce((sum, [, , count]) => sum + count, 0)).toBe(3);
  expect(late).toBe(0);
});

it("shows a real lost update: the records made while a flush is under way", async () => {
  const name = "tracking during a flush (CommonJS)";
  const unguarded = await traced("flagsmith-nodejs", name, false);
  const [first, second] = unguarded.calls;
  const lost = unguarded.records.filter(([, fate]) => fate === "lost");
  expect(lost.reduce((sum, [, , count]) => sum + count, 0)).toBe(20);
  for (const [at] of lost) {
    expect(at).toBeGreaterThanOrEqual(first?.from ?? Number.NaN);
    expect(at).toBeLessThanOrEqual(first?.to ?? Number.NaN);
  }
  expect(second?.from).toBeGreaterThanOrEqual(first?.to ?? Number.NaN);
  expect(unguarded.sends.map(({ values }) => values)).toEqual([10]);

  const guarded = await traced("flagsmith-nodejs", name, true);
  expect(guarded.calls.map(({ method }) => method)).toEqual(["flush", "flush"]);
  expect(guarded.sends.map(({ values }) => values)).toEqual([10, 20]);
});

it.each([
  ["flagsmith-nodejs", "a second flush, then exit (ES module)"],
  ["@influxdata/influxdb-client", "await flush() during an automatic batch (CommonJS)"],
  ["launchdarkly-node-server-sdk", "a second flush() during a flush()"],
])("sees the calls of %s from outside of the guard", async (module, name) => {
  const answeredWhenReturned = ({ calls, sends }: Trace) => (calls.at(-1)?.to ?? 0) >= (sends[0]?.to ?? 0);
  expect(answeredWhenReturned(await traced(module, name, false))).toBe(false);
  expect(answeredWhenReturned(await traced(module, name, true))).toBe(true);
});

it("tells a flush that rejects, and one that waits for its transport", async () => {
  const rejecting = "a forceFlush() that the exporter rejects, then another (CommonJS)";
  const { calls } = await traced("@opentelemetry/sdk-logs", rejecting, true);
  expect(calls.map(({ failed }) => failed === true)).toEqual([true, false]);
  // It returns nothing: what it waits for is the callback that it gives to its transport.
  const { calls: flushes, sends } = await traced("statsd-client", "burst of 100 at start-up", false);
  const [first] = flushes;
  expect((first?.to ?? 0) - (first?.from ?? 0)).toBeGreaterThan(0);
  expect(flushes[1]?.from).toBeLessThan(first?.to ?? 0);
  expect(sends.reduce((sum, { repeats }) => sum + repeats, 0)).toBeGreaterThan(0);
});
