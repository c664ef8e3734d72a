import { log } from "../../log.js";
import type { Metric, Registry } from "./shapes.js";

/**
 * Registries of the app's own have no names, so metrics of one name are told apart by nothing that another process knows:
 * only those of the first registry are shared. An app that makes a registry for each request keeps right numbers.
 */
export class CustomRegistries {
  readonly #owners = new Map<string, WeakRef<Registry>>();
  #told = false;

  /** @returns whether the metric may be shared under its name */
  claim({ name, registers: [registry] = [] }: Metric): boolean {
    const owner = this.#owners.get(name);
    if (registry === undefined || owner?.deref() === registry) return true;
    if (owner === undefined) {
      this.#owners.set(name, new WeakRef(registry));
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

  /** The metric is in no registry any more. */
  release({ name, registers: [registry] = [] }: Metric): void {
    if (registry !== undefined && this.#owners.get(name)?.deref() === registry) this.#owners.delete(name);
  }
}
