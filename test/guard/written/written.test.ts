import { execFileSync } from "node:child_process";
import { join } from "node:path";
import { describe, expect, test } from "vitest";

interface Outcome {
  sent: unknown[];
  notes: Record<string, unknown>;
  unhandled: string[];
  uncaught: string[];
  ended: string;
  ms: number;
}

interface Program {
  subject: string;
  name: string;
  /** What is right; what is not named is nothing, and the program ends. */
  right: Partial<Outcome>;
  /** What the client alone does otherwise. */
  alone?: Partial<Outcome>;
  /** What must have been sent, where more may be. */
  atLeast?: unknown[];
  /** Flushes that overlap may send in any order. */
  anyOrder?: boolean;
  /** Whether it may take as long as the guard waits at most. */
  patient?: boolean;
  without: Outcome;
  guarded: Outcome;
}

/** Longer than what any of the programs has to wait for, in virtual time. */
const PROMPT_MS = 500;

const programs: Program[] = JSON.parse(
  execFileSync(process.execPath, [join(import.meta.dirname, "main.mjs")], { encoding: "utf8" }),
);

describe.each([...new Set(programs.map(({ subject }) => subject))])("%s", (subject) => {
  test.each(programs.filter((program) => program.subject === subject))("$name", (program) => {
    const { right, alone, without, guarded } = program;
    expect(seen(program, without), "without the guard").toEqual(expected(program, { ...right, ...alone }));
    expect(seen(program, guarded), "with it").toEqual(expected(program, right));
    if (program.atLeast !== undefined) expect(guarded.sent).toEqual(expect.arrayContaining(program.atLeast));
  });
});

function seen(program: Program, { ms, ...outcome }: Outcome): unknown {
  return { ...outcome, sent: sent(program, outcome.sent), prompt: program.patient === true || ms < PROMPT_MS };
}

function expected(program: Program, outcome: Partial<Outcome>): unknown {
  const silent = { notes: {}, unhandled: [], uncaught: [], ended: "done", prompt: true };
  return { ...silent, ...outcome, sent: sent(program, outcome.sent ?? []) };
}

function sent({ anyOrder, atLeast }: Program, values: unknown[]): unknown {
  if (atLeast !== undefined) return "at least";
  return anyOrder === true ? [...(values as number[])].sort((a, b) => a - b) : values;
}
