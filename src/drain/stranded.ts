import type { GuardedClass } from "../guard/owner/guarded-class.js";
import { log } from "../log.js";
import { ownerOf } from "../methods/owner.js";
import { pendingIn } from "./flush-instance.js";

/** Counts what is still in the buffers as the process ends. */
export class Stranded {
  /**
   * @param classes the guarded classes there are
   * @param tell takes the records of each target that has any
   */
  constructor(
    private readonly classes: () => readonly GuardedClass[],
    private readonly tell: (stranded: ReadonlyMap<string, number>) => void = logAll,
  ) {}

  /** Tells of what is there. */
  count(): void {
    const stranded = this.#perTarget();
    if (stranded.size > 0) this.tell(stranded);
  }

  #perTarget(): Map<string, number> {
    const stranded = new Map<string, number>();
    const seen = new Set<object>();
    for (const guarded of this.classes()) {
      for (const instance of guarded.known.all()) {
        const owner = ownerOf(instance, guarded.path);
        const records = seen.has(owner) ? 0 : (pendingIn(guarded, instance) ?? 0);
        seen.add(owner);
        if (records > 0) stranded.set(guarded.name, (stranded.get(guarded.name) ?? 0) + records);
      }
    }
    return stranded;
  }
}

function logAll(stranded: ReadonlyMap<string, number>): void {
  const targets = [...stranded].map(([target, records]) => `${target} ${records}`);
  log.info(`records still in buffers as the process ended: ${targets.join(", ")}`);
}
