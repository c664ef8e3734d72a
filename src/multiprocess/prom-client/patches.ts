import { createRequire } from "node:module";
import { lateFile } from "../../late-file.js";
import { log } from "../../log.js";
import type { Method } from "../../methods/method.js";
import { obstacle, type Restore, wrapMethod } from "../../methods/wrap-method.js";
import { reasonOf } from "../../reason-of.js";
import { turn } from "../../timers.js";
import { isEnding } from "../is-ending.js";
import type { Others } from "../merge/collector.js";
import type { Meta } from "../meta.js";
import type { Adopter } from "./adopter.js";
import type { AskWorkers } from "./ask-workers.js";
import { isRecorderType, wrapRecorders } from "./recorders.js";
import type { Metric, Registry } from "./shapes.js";

interface RegistryClass {
  globalRegistry?: Registry;
}

/** One with `clusterMetrics()`, or with `workerMetrics()`. */
interface Aggregator extends RegistryClass {
  prototype: object;
}

type Wrapper = (original: Method) => (this: never, ...args: never[]) => unknown;

const require = createRequire(import.meta.url);

const TYPES: Readonly<Record<string, Meta["type"]>> = {
  "lib/counter.js": "counter",
  "lib/gauge.js": "gauge",
  "lib/histogram.js": "histogram",
  "lib/summary.js": "summary",
};

/** The methods of a client's classes that are wrapped: none that records. */
export class Patches {
  readonly #directory: string;
  readonly #merged: boolean;
  readonly #adopter: Adopter;
  #patched = new WeakSet<object>();
  readonly #restores: Restore[] = [];

  constructor(directory: string, merged: boolean, adopter: Adopter) {
    this.#directory = directory;
    this.#merged = merged;
    this.#adopter = adopter;
  }

  /**
   * @param module name of the package
   * @param file path inside the package
   * @param exports the class it exports
   */
  patch(module: string, file: string, exports: unknown): void {
    const prototype = (exports as { prototype?: object } | null)?.prototype;
    if (prototype === undefined || this.#patched.has(prototype)) return;
    const type = TYPES[file];
    if (type !== undefined) this.#patchMetric(prototype, type, module);
    else if (file === "lib/registry.js") this.#patchRegistry(prototype, exports as RegistryClass);
    else if (file === "lib/cluster.js") this.#patchCluster(exports as Aggregator, "clusterMetrics");
    else if (file === "lib/worker.js") this.#patchCluster(exports as Aggregator, "workerMetrics");
  }

  restore(): void {
    for (const restore of this.#restores.splice(0)) restore();
    this.#patched = new WeakSet();
  }

  #patchMetric(prototype: object, type: Meta["type"], module: string): void {
    this.#adopter.addType(prototype, type);
    const adopter = this.#adopter;
    if (isRecorderType(type) && module === "prom-client") this.#restores.push(...wrapRecorders(prototype, type));
    for (const name of ["reset", "zero"]) {
      this.#wrap(prototype, name, (original) =>
        after(original, (metric: Metric) => adopter.adoptedOf(metric)?.lookAgain()),
      );
    }
    this.#wrap(
      prototype,
      "remove",
      (original) =>
        function (this: Metric, ...labels: unknown[]) {
          const remove = () => original.apply(this, labels);
          const adopted = adopter.adoptedOf(this);
          return adopted === undefined ? remove() : adopted.removing(remove);
        },
    );
  }

  #patchRegistry(prototype: object, registryClass: RegistryClass): void {
    const adopter = this.#adopter;
    const { globalRegistry } = registryClass;
    this.#wrap(
      registryClass,
      "merge",
      (original) =>
        function (this: unknown, ...registries: unknown[]) {
          const merged = original.apply(this, registries) as Registry;
          adopter.merged(merged);
          return merged;
        },
    );
    this.#wrap(prototype, "registerMetric", (original) =>
      after(original, (registry: Registry, metric: Metric) => adopter.register(metric, registry)),
    );
    this.#wrap(prototype, "setDefaultLabels", (original) =>
      after(original, (registry: Registry) => adopter.relabel(registry)),
    );
    this.#wrap(
      prototype,
      "clear",
      (original) =>
        function (this: Registry) {
          const metrics = this.getMetricsAsArray();
          original.call(this);
          adopter.unregister(metrics);
        },
    );
    this.#wrap(
      prototype,
      "removeSingleMetric",
      (original) =>
        function (this: Registry, name: string) {
          const metric = this.getSingleMetric(name);
          original.call(this, name);
          if (metric !== undefined) adopter.unregister([metric]);
        },
    );
    if (this.#merged) this.#patchOutput(prototype);
    if (globalRegistry !== undefined) adopter.addDefaultRegistry(globalRegistry);
  }

  /** It asked every worker and failed when one did not answer. */
  #patchCluster(aggregator: Aggregator, name: "clusterMetrics" | "workerMetrics"): void {
    const adopter = this.#adopter;
    const directory = this.#directory;
    let workers: AskWorkers | undefined;
    this.#wrap(
      aggregator.prototype,
      name,
      (original) =>
        async function (this: Registry) {
          await adopter.callback();
          adopter.flush();
          if (!adopter.store.open) return original.call(this);
          const round = async () => original.call(this);
          // Threads cannot be asked one by one.
          const others: Others = async (present) => {
            if (name !== "clusterMetrics") return [];
            workers ??= asking(directory);
            return workers.parts(present, round);
          };
          return answering()
            .then(({ clusterText }) => clusterText(this, directory, others))
            .catch((error: unknown) => {
              tellAlone(directory, error);
              return original.call(this);
            });
        },
    );
    this.#wrap(aggregator, "setRegistries", (original) =>
      after(original, (_: unknown, registries: Registry | Registry[]) =>
        adopter.aggregate([registries].flat(), aggregator.globalRegistry),
      ),
    );
  }

  #patchOutput(prototype: object): void {
    const adopter = this.#adopter;
    const directory = this.#directory;
    this.#wrap(
      prototype,
      "metrics",
      (original) =>
        async function (this: Registry) {
          for (const metric of this.getMetricsAsArray()) adopter.register(metric, this);
          adopter.lookAtDefaultLabels(this);
          adopter.flush();
          const shared = adopter.sharedOf(this);
          if (!adopter.store.open || (shared.length === 0 && !adopter.isDefault(this))) return original.call(this);
          // What a callback throws is for the caller, as ever.
          const summaries = await adopter.collect(shared);
          return answering()
            .then(({ mergedText }) => mergedText(this, adopter, directory, summaries))
            .catch((error: unknown) => {
              tellAlone(directory, error);
              return original.call(this);
            });
        },
    );
  }

  #wrap(prototype: object, name: string, wrapper: Wrapper): void {
    if (!(name in prototype) || obstacle(prototype, name) !== undefined) return;
    this.#patched.add(prototype);
    const restore = wrapMethod(prototype, name, wrapper as Parameters<typeof wrapMethod>[2]);
    if (restore !== undefined) this.#restores.push(restore);
  }
}

let isTold = false;

function tellAlone(directory: string, error: unknown): void {
  if (!isTold) log.warn(`${directory}: ${reasonOf(error)}; a scrape shows what it would without flushguard`);
  isTold = true;
}

let answers: typeof import("./merged-text.js") | undefined;

/** Most processes are never asked. Loading it is a turn's work of its own, and may be refused and asked for again. */
async function answering(): Promise<typeof import("./merged-text.js")> {
  if (answers === undefined) {
    answers = lateFile(() => require("./merged-text.js") as typeof import("./merged-text.js"));
    if (!isEnding()) await turn();
  }
  return answers;
}

function asking(directory: string): AskWorkers {
  const { AskWorkers } = lateFile(() => require("./ask-workers.js") as typeof import("./ask-workers.js"));
  return new AskWorkers(directory);
}

/** Runs something after a method that returns at once, and gives back what the method gave. */
function after<This, Args extends unknown[]>(
  original: Method,
  then: (self: This, ...args: Args) => void,
): (this: This, ...args: Args) => unknown {
  return function (...args) {
    const result = original.apply(this, args);
    then(this, ...args);
    return result;
  };
}
