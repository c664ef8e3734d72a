/** Runs random programs on a client, one after another, and prints what each has shown as JSON. */
import { createRequire } from "node:module";
import { setTimeout as sleep } from "node:timers/promises";
import { pick, randomFrom } from "../../../dist/src/multiprocess/reproduce/random.js";

/** @type {{ client: string, seed: number, programs: number, defaults?: boolean }} without `defaults` no default label is set */
const { client, seed, programs, defaults = true } = JSON.parse(process.argv[2] ?? "");
const { Counter, Gauge, Histogram, Registry, Summary, register } = createRequire(import.meta.url)(client);
const random = randomFrom(seed);
const of = (/** @type {readonly any[]} */ items) => pick(random, items);

const METHODS = new Map([
  [Counter, ["inc"]],
  [Gauge, ["set", "inc", "dec"]],
  [Histogram, ["observe"]],
  [Summary, ["observe"]],
]);
const LABELS = ["a", "b", 1, 0, true, "", 'q"', "two\nlines", "\\", "é😀"];
const NUMBERS = [1, 2, 0.5, 0, -1, 1e9, 1e-7, 2 ** 53];

/** What a program may do; where the client refuses, that is shown. */
class Program {
  /** @type {string[]} */
  shown = [];
  /** @type {any[]} */
  #metrics = [];
  /** Children, each with the name of a method that records. */
  #children = [];
  #registries = of([[register], [register, new Registry()]]);
  #made = 0;

  /** @param {number} number */
  constructor(number) {
    this.name = `p${number}`;
  }

  async run() {
    const { record, recordIntoChild, make, take, show } = this;
    const actions = [record, record, record, record, record, recordIntoChild, make, take, take, show, show];
    make.call(this);
    for (let steps = 10 + Math.floor(random() * 40); steps > 0; steps--) {
      try {
        await of(actions).call(this);
      } catch (error) {
        this.shown.push(String(error));
      }
      if (of([true, false, false])) await sleep(0);
    }
    for (const registry of this.#registries) this.shown.push(await registry.metrics());
    for (const registry of this.#registries) registry.clear();
    register.setDefaultLabels({});
  }

  make() {
    const Metric = of([...METHODS.keys()]);
    // At times one that is there, or was.
    const name = `${this.name}_${of([this.#made, this.#made++, 0])}`;
    const free = this.#registries.filter((/** @type {any} */ registry) => !registry.getSingleMetric(name));
    const metric = new Metric({
      name,
      help: of(["One.", "Two\nlines \\"]),
      labelNames: of([[], ["x"], ["y", "x"]]),
      registers: of([[register], free]),
      ...(Metric === Gauge && { aggregator: of(["sum", "max", "average"]) }),
      ...(Metric === Histogram && { buckets: of([[1], [0.1, 1, 10], []]) }),
      ...(Metric === Summary && { percentiles: of([[0.5], []]) }),
    });
    this.#metrics.push(metric);
  }

  record() {
    const metric = of(this.#metrics);
    metric[this.#methodOf(metric)](...this.#labelsOf(metric), of(NUMBERS));
  }

  recordIntoChild() {
    const metric = of(this.#metrics);
    const child = { metric: metric.labels(...this.#labelsOf(metric)), method: this.#methodOf(metric) };
    const { metric: into, method } = of([child, ...this.#children]);
    this.#children.push(child);
    into[method](of(NUMBERS));
  }

  /** Takes something away, or brings it back. */
  take() {
    const metric = of(this.#metrics);
    const registry = of(this.#registries);
    const [labels = {}] = this.#labelsOf(metric);
    return of([
      () => metric.remove(labels),
      () => metric.remove(labels),
      () => metric.reset(),
      () => metric.zero?.(labels),
      () => registry.removeSingleMetric(metric.name),
      () => registry.registerMetric(metric),
      () => registry.resetMetrics(),
      () => registry.clear(),
      // Where a metric may be in two of them, it has those of the first.
      () => this.#registries.length === 1 && this.#setDefaultLabels(of([{}, { zone: "z" }, { x: "default" }])),
    ])();
  }

  #setDefaultLabels(/** @type {Record<string, string>} */ labels) {
    if (defaults) register.setDefaultLabels(labels);
  }

  async show() {
    this.shown.push(await of(this.#registries).metrics());
  }

  #methodOf(/** @type {any} */ metric) {
    return of(METHODS.get(metric.constructor) ?? []);
  }

  /** @returns {any[]} none for a metric without labels */
  #labelsOf(/** @type {any} */ { labelNames }) {
    if (labelNames.length === 0) return [];
    return [Object.fromEntries(labelNames.map((/** @type {string} */ name) => [name, of(LABELS)]))];
  }
}

const shown = [];
for (let number = 0; number < programs; number++) {
  const program = new Program(number);
  await program.run();
  shown.push(program.shown);
}
process.stdout.write(JSON.stringify(shown));
