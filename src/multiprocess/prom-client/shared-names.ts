import { log } from "../../log.js";
import type { Metric, Registry } from "./shapes.js";

/**
 * Which registry of this process a name is shared from. Registries have no names, so metrics of one name are told apart by
 * nothing that another process knows: only those of the first registry are shared. An app that makes a registry for each
 * request keeps right numbers, and so does one with several copies of a client.
 */
export class SharedNames {
  /** Of the default registries, and of those of the app's own. */
  readonly #owners = { default: new Map<string, WeakRef<Registry>>(), custom: new Map<string, WeakRef<Registry>>() };
  #told = false;

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
    if (!this.#told) {
      log.warn(
        `${name}: metrics of this name are in several registries of the app; those of the first alone are shared`,
      );
    }
    this.#told = true;
    return false;
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
