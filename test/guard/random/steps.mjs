import fc from "fast-check";
import { declarations } from "./declare.mjs";
import { habits, shapes } from "./shape.mjs";

/** Values that steps record; those above them are for senders and hooks that record. */
export const STEP_VALUES = 15;

const client = fc.constantFrom(0, 0, 0, 1);
const value = fc.nat(STEP_VALUES - 1);

const step = fc.oneof(
  {
    weight: 8,
    arbitrary: fc.record({
      do: fc.constant("record"),
      on: client,
      n: fc.constantFrom(1, 1, 1, 2, 3),
      as: fc.constantFrom(undefined, "a", "b"),
      watch: fc.boolean(),
    }),
  },
  {
    weight: 6,
    arbitrary: fc.record({
      do: fc.constant("flush"),
      on: client,
      other: fc.boolean(),
      wait: fc.boolean(),
      watch: fc.constantFrom(true, true, false),
      callback: fc.boolean(),
    }),
  },
  { weight: 3, arbitrary: fc.record({ do: fc.constant("sleep"), ms: fc.integer({ min: 1, max: 6 }) }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constantFrom("turn", "tick") }) },
);

const rare = fc.oneof(
  { weight: 6, arbitrary: fc.record({ do: fc.constant("close"), on: client, wait: fc.boolean() }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constantFrom("guard", "restore", "disable", "enable") }) },
);

/** What a sender does, by what is in the batch that it is given. */
const senders = fc.record({
  latencies: fc.array(fc.constantFrom(0, 1, 2, 5), { minLength: 1, maxLength: 3 }),
  readsLate: fc.oneof({ weight: 9, arbitrary: fc.constant(false) }, { weight: 1, arbitrary: fc.constant(true) }),
  bad: fc.option(fc.record({ value, how: fc.constantFrom("reject", "throw", "never", "twice") }), { freq: 3 }),
  again: fc.option(fc.record({ value, how: fc.constantFrom("record", "flush", "awaitFlush", "close") }), { freq: 4 }),
});

export const programs = fc
  .record({
    shape: shapes,
    declaration: declarations,
    sender: senders,
    hook: fc.record({ value, how: fc.constantFrom("record", "flush") }),
    via: fc.oneof(
      { weight: 6, arbitrary: fc.constant("method") },
      { weight: 4, arbitrary: fc.constantFrom("call", "bound", "destructured", "proxy") },
    ),
    guarded: fc.oneof(
      { weight: 6, arbitrary: fc.constant("class") },
      { weight: 3, arbitrary: fc.constantFrom("base", "both", "instance") },
    ),
    late: fc.oneof({ weight: 8, arbitrary: fc.constant(false) }, { weight: 2, arbitrary: fc.constant(true) }),
    alive: fc.boolean(),
    steps: fc.array(step, { minLength: 2, maxLength: 9 }),
    rare: fc.oneof(
      { weight: 5, arbitrary: fc.constant([]) },
      { weight: 4, arbitrary: fc.array(fc.tuple(fc.nat(9), rare), { minLength: 1, maxLength: 2 }) },
    ),
    beside: fc.oneof(
      { weight: 6, arbitrary: fc.constant([]) },
      { weight: 1, arbitrary: fc.array(step, { minLength: 1, maxLength: 4 }) },
    ),
    habits,
  })
  .map(({ habits: more, ...program }) => ({ ...program, shape: { ...program.shape, habits: more } }));

/** The steps of a program's main task: those of the usual kind with the rare ones among them. */
export function stepsOf({ steps, rare: extra }) {
  const all = [...steps];
  for (const [at, what] of extra) all.splice(Math.min(at, all.length), 0, what);
  return all;
}
