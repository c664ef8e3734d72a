import fc from "fast-check";
import { Clock } from "./clock.mjs";
import { compare, flaws } from "./compare.mjs";
import { play } from "./play.mjs";
import { programs } from "./steps.mjs";

/** Plays programs without the guard and with it. */
export class Trial {
  #clock = new Clock();
  /** Whether the run that is on is the guarded one. */
  isGuarded = false;

  /** @param guard what `engineOf` gives */
  constructor(guard) {
    this.guard = guard;
  }

  /** @returns the findings, the flaws of both runs, why the guard declined, and both traces */
  of(program) {
    this.isGuarded = false;
    const without = play(program);
    this.isGuarded = true;
    const guarded = play(program, this.guard, this.#clock);
    return {
      findings: compare(without, guarded, program),
      flaws: { without: flaws(without, program), guarded: flaws(guarded, program) },
      declined: guarded.declined,
      without,
      guarded,
    };
  }

  /** Makes the program of a seed and plays it. */
  ofSeed(seed) {
    let result;
    const property = fc.property(programs, (program) => {
      result = { program, ...this.of(program) };
    });
    const { failed, errorInstance } = fc.check(property, { ...once(seed), endOnFailure: true });
    if (failed) throw errorInstance;
    return result;
  }

  /** The smallest program found that still has a finding of that kind. */
  shrink(seed, kind) {
    const property = fc.property(
      programs,
      (program) => !this.of(program).findings.some((found) => found.kind === kind),
    );
    const { counterexample } = fc.check(property, once(seed));
    return counterexample?.[0];
  }
}

const once = (seed) => ({ seed, numRuns: 1, unbiased: true });
