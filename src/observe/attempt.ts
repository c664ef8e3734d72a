import type { GuardedClass } from "../guard/guarded-class.js";

/** Runs code of the observers' own. Whatever it throws ends the observation of the class, and stays here. */
export function attempt<T>(guarded: GuardedClass, run: () => T): T | undefined {
  try {
    return run();
  } catch (error) {
    guarded.fail(error, "it cannot be observed");
    return undefined;
  }
}
