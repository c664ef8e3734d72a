import { createRequire } from "node:module";
import type { MultiprocessConfig } from "../../config/index.js";
import type { LoadedFile } from "../../hooks/loaded-file.js";
import { log } from "../../log.js";
import { installedVersion } from "../../packages/installed-version.js";
import { versionObstacle } from "../../packages/version-obstacle.js";
import { reasonOf } from "../../reason-of.js";
import { hearOfBeforeExit } from "../is-ending.js";
import { looksDue } from "../merge/glance.js";
import { Store } from "../store/store.js";
import { Adopter } from "./adopter.js";
import { COVERED } from "./covered.js";
import { beforeHandOver } from "./hand-over.js";
import { Patches } from "./patches.js";
import { Refresher } from "./refresher.js";

const require = createRequire(import.meta.url);

/** Lets the metrics of this process's Prometheus clients also live in a directory that other processes read. */
export class Clients {
  readonly #patches: Patches;
  readonly #adopter: Adopter;
  readonly #refresher: Refresher;
  #stopHandOver: (() => void) | undefined;
  #stopHearing: (() => void) | undefined;
  /** By folder of a package, whether it is none that is left as it is. */
  readonly #covered = new Map<string, boolean>();

  constructor({ directory, merged, flushMs }: MultiprocessConfig) {
    const onError = (error: unknown) => {
      const what = store.open ? "new series of this process wait" : "the metrics of this process are";
      log.warn(`${directory}: ${reasonOf(error)}; ${what} in its memory until it can write`);
    };
    const store: Store = new Store(directory, onError, flushMs);
    this.#adopter = new Adopter(store);
    this.#refresher = new Refresher(directory, this.#adopter);
    this.#patches = new Patches(directory, merged, this.#adopter);
    if (looksDue(directory)) (require("../collect.js") as typeof import("../collect.js")).tidy(directory);
  }

  /** Takes a file of one of the packages, once it has been evaluated. */
  patch({ module, basedir, file, exports }: LoadedFile): void {
    if (!this.#isCovered(module, basedir)) return;
    this.#patches.patch(module, file, exports);
    this.#refresher.start();
    this.#adopter.start();
    this.#stopHearing ??= hearOfBeforeExit();
    this.#stopHandOver ??= beforeHandOver(() => this.#adopter.store.settle());
  }

  #isCovered(module: string, basedir: string): boolean {
    let covered = this.#covered.get(basedir);
    if (covered === undefined) {
      const versions = COVERED[module as keyof typeof COVERED];
      const obstacle = versionObstacle({ module, versions }, installedVersion(basedir));
      if (obstacle !== undefined) log.warn(`${module}: ${obstacle}; its metrics stay in their process`);
      covered = obstacle === undefined;
      this.#covered.set(basedir, covered);
    }
    return covered;
  }

  /** Calls the callbacks of metrics that set their values when they are scraped, and writes everything. Never rejects. */
  async bringIn(): Promise<void> {
    await this.#adopter.callback();
    this.#adopter.flush();
  }

  /** Leaves the clients as they are without this. What was recorded stays in the file. */
  stop(): void {
    this.#refresher.stop();
    this.#stopHandOver?.();
    this.#stopHandOver = undefined;
    this.#stopHearing?.();
    this.#stopHearing = undefined;
    this.#patches.restore();
    this.#adopter.stop();
  }
}
