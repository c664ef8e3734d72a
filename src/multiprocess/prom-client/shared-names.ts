import { log } from "../../log.js";
import type { Metric, Registry } from "./shapes.js";

/** Names on a line. */
const MOST_NAMED = 8;

/**
 * Which registry of this process a name is shared from. Registries have no names, so metrics of one name are told apart by
 * nothing that another process knows: only those of the first registry are shared. An app that makes a registry for each
 * request keeps right numbers, and so does one with several copies of a client.
 */
export class SharedNames {
  /** Of the default registries, and of those of the app's own. */
  readonly #owners = { default: new Map<string, WeakRef<Registry>>(), custom: new Map<string, WeakRef<Registry>>() };
  readonly #refused = new Set<string>();
  readonly #untold: string[] = [];

  /**
   * @param registry that the metric is in
   * @returns whether the metric may be shared under its name
   */
  claim({ name }: Metric, registry: Registry | undefined, kind: "default" | "custom"): boolean {
    const owners = this.#owners[kind];
    const owner = owners.get(name);
    if (registry === undefined || owner?.deref() === registry) return true;
    if (owner === undefined) {
      owners.set(name, new WeakRef(registry));
      return true;
    }
    if (!this.#refused.has(name)) this.#untold.push(name);
    this.#refused.add(name);
    return false;
  }

  /** Says on one line which names have been refused that were not before. */
  tell(): void {
    const names = this.#untold.splice(0);
    if (names.length === 0) return;
    const more = names.length > MOST_NAMED ? ` and ${names.length - MOST_NAMED} others` : "";
    const which = names.length === 1 ? "this name" : "these names";
    log.warn(
      `${names.slice(0, MOST_NAMED).join(", ")}${more}: metrics of ${which} are in several registries of the app; ` +
        "those of the first alone are shared",
    );
  }

  /**
   * The metric is in no registry any more.
   * @param registries those that it was in
   */
  release({ name }: Metric, registries: readonly Registry[]): void {
    for (const owners of Object.values(this.#owners)) {
      const owner = owners.get(name)?.deref();
      if (owner !== undefined && registries.includes(owner)) owners.delete(name);
    }
  }
}
