import { isPlainPromise } from "./promises.js";

/** What a call has returned: the object it was made on, a promise of the built-in kind, some other value, or nothing. */
export type Kind = "nothing" | "this" | "promise" | "value";

/** Whether what is returned is known before the call is made. */
export function isVoid(kind: Kind | undefined): boolean {
  return kind === "nothing" || kind === "this";
}

/** What a method returns, learnt from its calls: with a callback and without one apart. */
export class Kinds {
  readonly #seen: [Set<Kind>, Set<Kind>] = [new Set(), new Set()];

  /** @param always what is known beforehand */
  constructor(always?: Kind) {
    if (always !== undefined) for (const seen of this.#seen) seen.add(always);
  }

  note(result: unknown, receiver: unknown, withCallback = false): void {
    this.#seen[withCallback ? 1 : 0].add(kindOf(result, receiver));
  }

  /** Whether a call has told. */
  isTold(withCallback: boolean): boolean {
    return this.#seen[withCallback ? 1 : 0].size > 0;
  }

  /** @returns undefined where no call has told yet, or several have told different things */
  known(withCallback = false): Kind | undefined {
    const seen = this.#seen[withCallback ? 1 : 0];
    return seen.size === 1 ? [...seen][0] : undefined;
  }
}

/** @param receiver what the call was made on */
export function kindOf(result: unknown, receiver: unknown): Kind {
  if (result === undefined) return "nothing";
  if (result === receiver) return "this";
  return isPlainPromise(result) ? "promise" : "value";
}
