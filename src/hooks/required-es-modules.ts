import { log } from "../log.js";
import { packageNameOf } from "../packages/package-file.js";
import type { Watch } from "./watch.js";

const IMPORTED = /(?:\bfrom|\bimport)\s*["']((?:@[^/"']+\/)?[^/"'.][^/"']*)/g;

/**
 * Tells of the clients that an ES module imports which is required, where Node evaluates what it imports past its loader thread,
 * so that no hook sees it.
 */
export class RequiredEsModules {
  readonly #told = new Set<string>();

  constructor(private readonly watch: Watch) {}

  /** Takes the source of an ES module that is about to be evaluated for a `require`. */
  look(source: string, filename: string): void {
    for (const [, name = ""] of source.matchAll(IMPORTED)) {
      if (this.watch.modules.get(name)?.esm !== true || this.#told.has(name) || this.#isReported(name)) continue;
      this.#told.add(name);
      log.warn(
        `${name}: ${filename} imports it and is required, where no hook of this Node sees what an ES module imports: it is not ` +
          "guarded there. Load that file by import(), or use Node 22.22.3, 24.11.1 or later",
      );
    }
  }

  #isReported(name: string): boolean {
    return [...this.watch.reported].some((path) => packageNameOf(path) === name);
  }
}
