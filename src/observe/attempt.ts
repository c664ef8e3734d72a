import type { GuardedClass } from "../guard/owner/guarded-class.js";

/** Does something of the observer's own, whose errors never reach the app. */
export function attempt<T>(guarded: GuardedClass, call: () => T): T | undefined {
  return guarded.attempt(call, "what it does cannot be observed");
}
