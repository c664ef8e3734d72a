/** Uses a client as an app would, in one of several ways, and prints what comes of it as JSON. */
import { createRequire, syncBuiltinESMExports } from "node:module";
import { setTimeout as sleep } from "node:timers/promises";

/** @type {{ client: string, scenario: string, api: string }} */
const { client, scenario, api } = JSON.parse(process.argv[2] ?? "");
const load = () => createRequire(import.meta.url)(client);

/**
 * Samples of a text, as a map from `name{labels}` to value; numbers that differ from run to run are left out.
 * @param {string} text
 */
function samples(text) {
  const lines = text.split("\n").filter((line) => line !== "" && !/^(?:#|nodejs_|process_)/.test(line));
  return Object.fromEntries(lines.map((line) => line.split(/ (?=\S+$)/)).map(([name, value]) => [name, Number(value)]));
}

/** @type {Record<string, () => unknown>} */
const scenarios = {
  /** Every kind of metric, and every way to change one. */
  async kinds() {
    const { Counter, Gauge, Histogram, Summary, register } = load();
    const counter = new Counter({ name: "c_total", help: "C.", labelNames: ["b", "a"] });
    counter.inc({ a: 1, b: 'x"\\\n' });
    counter.inc({ b: "y" }, 2.5);
    counter.labels("z", 1).inc(3);
    new Counter({ name: "zero_total", help: "Z." });
    const gauge = new Gauge({ name: "g", help: "G.", labelNames: ["a"] });
    gauge.set({ a: 1 }, 5);
    gauge.inc({ a: 1 });
    gauge.labels(1).dec(2);
    const histogram = new Histogram({ name: "h", help: "H.", buckets: [1, 2] });
    for (const value of [0.5, 1.5, 9]) histogram.observe(value);
    const summary = new Summary({ name: "s", help: "S.", labelNames: ["a"], percentiles: [0.5] });
    summary.observe({ a: 1 }, 4);
    summary.labels(1).observe(6);
    return samples(await register.metrics());
  },
  /** What is taken away again, before and after it was written. */
  async removals() {
    const { Counter, Gauge, Histogram, Registry, register } = load();
    const counter = new Counter({ name: "c_total", help: "C.", labelNames: ["a"] });
    const histogram = new Histogram({ name: "h", help: "H.", labelNames: ["a"], buckets: [1] });
    const gauge = new Gauge({ name: "g", help: "G." });
    const gone = new Counter({ name: "gone_total", help: "G." });
    const registry = new Registry();
    const cleared = new Counter({ name: "cleared_total", help: "C.", registers: [registry] });
    const everything = () => {
      for (const a of [1, 2, 3]) {
        counter.inc({ a });
        histogram.observe({ a }, 1);
      }
      gauge.set(7);
      gone.inc();
      cleared.inc();
    };
    everything();
    counter.remove(1);
    await sleep(5);
    counter.remove({ a: 2 });
    histogram.reset();
    histogram.observe({ a: 3 }, 2);
    gauge.reset();
    register.removeSingleMetric("gone_total");
    registry.clear();
    await sleep(5);
    const left = samples(await register.metrics());
    counter.inc({ a: 1 });
    return { left, again: samples(await register.metrics()), cleared: await registry.metrics() };
  },
  /** Registries of the app's own, with labels of their own. */
  async registries() {
    const { Counter, Registry, register } = load();
    const registry = new Registry();
    const counter = new Counter({ name: "own_total", help: "O.", labelNames: ["a", "app"], registers: [registry] });
    const both = new Counter({ name: "both_total", help: "B.", registers: [registry, register] });
    new Counter({ name: "same_total", help: "S.", registers: [registry] }).inc(2);
    new Counter({ name: "same_total", help: "S." }).inc(3);
    counter.inc({ a: 1 });
    both.inc();
    await sleep(5);
    registry.setDefaultLabels({ app: "x", zone: "z" });
    counter.inc({ a: 2, app: "mine" });
    return {
      own: samples(await registry.metrics()),
      default: samples(await register.metrics()),
      merged: samples(await Registry.merge([registry]).metrics()),
    };
  },
  /** Bounds in no order, twice, and that of the last bucket. */
  async bounds() {
    const { Counter, Histogram, register } = load();
    new Counter({ name: "c_total", help: "C." }).inc();
    const histogram = new Histogram({ name: "h", help: "H.", buckets: [5, 1, 5, Infinity] });
    for (const value of [3, 4, 7]) histogram.observe(value);
    return samples(await register.metrics());
  },
  /** A registry for each request, as in an exporter of many targets. */
  async requests() {
    const { Counter, Gauge, Registry } = load();
    const answers = [];
    for (let i = 0; i < 3; i++) {
      const registers = [new Registry()];
      new Gauge({ name: "probe_success", help: "S.", registers }).set(1);
      new Counter({ name: "probe_total", help: "T.", registers }).inc();
      answers.push(samples(await registers[0].metrics()));
      if (i === 1) registers[0].clear();
    }
    const registry = new Registry();
    for (let i = 0; i < 2; i++) {
      registry.clear();
      new Counter({ name: "again_total", help: "A.", registers: [registry] }).inc();
    }
    registry.clear();
    const next = new Registry();
    new Counter({ name: "again_total", help: "A.", registers: [next] }).inc(5);
    return { answers, again: samples(await next.metrics()) };
  },
  /** Values that are set when the metrics are asked for, here or in another process. */
  async callbacks() {
    const { Gauge, collectDefaultMetrics, register } = load();
    collectDefaultMetrics();
    let calls = 0;
    new Gauge({
      name: "calls",
      help: "C.",
      async collect() {
        await sleep(1);
        this.set(++calls);
      },
    });
    const text = await register.metrics();
    const memory = /^process_resident_memory_bytes (\d+)$/m.exec(text)?.[1];
    return { ...samples(text), memory: Number(memory) > 1e6, started: /^process_start_time/m.test(text) };
  },
  /** Metrics that were made before the guard was told to begin. */
  async late() {
    const { Counter, Registry, register } = load();
    const registry = new Registry();
    const counter = new Counter({ name: "c_total", help: "C.", labelNames: ["a"] });
    const own = new Counter({ name: "own_total", help: "O.", registers: [registry] });
    counter.inc({ a: 1 });
    own.inc();
    const { enable } = await import(api);
    enable();
    counter.inc({ a: 1 });
    own.inc();
    return { ...samples(await register.metrics()), ...samples(await registry.metrics()) };
  },
  /** With the guard taken away, and back. */
  async disabled() {
    const { Counter, register } = load();
    const { disable, enable } = await import(api);
    const counter = new Counter({ name: "c_total", help: "C.", labelNames: ["a"] });
    counter.inc({ a: 1 });
    const guarded = samples(await register.metrics());
    await disable();
    const methods = [Counter.prototype.reset, Counter.prototype.remove, register.metrics, register.registerMetric];
    const plain = counter.hashMap === undefined ? !Object.hasOwn(counter.store, "keyFrom") : isPlain(counter.hashMap);
    counter.inc({ a: 1 });
    counter.inc({ a: 2 });
    const off = samples(await register.metrics());
    enable();
    const on = samples(await register.metrics());
    return { guarded, plain: plain && methods.every((method) => !("__original" in method)), off, on };
  },
  /**
   * What a process shows that is the only one, of every kind of metric and in every shape that has been seen to differ.
   * @param {boolean} openMetrics
   */
  async alone(openMetrics = false) {
    const { Counter, Gauge, Histogram, Registry, Summary, register } = load();
    if (openMetrics) register.setContentType(Registry.OPENMETRICS_CONTENT_TYPE);
    register.setDefaultLabels({ zone: "z", b: "default" });
    const counter = new Counter({ name: "c_total", help: 'a "b" \\ \n c', labelNames: ["b", "a"] });
    counter.inc({ b: 1, a: 'x"\n\\' });
    counter.inc({ a: 2 });
    new Counter({ name: "none_total", help: "None.", labelNames: ["z"] });
    new Gauge({ name: "g", help: "G." }).set(NaN);
    new Gauge({ name: "omitted", help: "O.", aggregator: "omit" }).set(4);
    new Gauge({ name: "infinite", help: "I.", labelNames: ["s"] }).set({ s: "+" }, Infinity);
    new Gauge({
      name: "collected",
      help: "C.",
      collect() {
        this.set(3);
      },
    });
    const labelNames = ["m"];
    const histogram = new Histogram({ name: "h", help: "H.", labelNames, buckets: [0.5, 1, 5] });
    for (const [m, value] of [
      ["y", 100],
      ["x", 0.7],
    ])
      histogram.observe({ m }, value);
    const summary = new Summary({ name: "s", help: "S.", labelNames, percentiles: [0.5, 0.9] });
    for (const [m, value] of [
      ["x", 3],
      ["x", 5],
      ["y", -1],
    ])
      summary.observe({ m }, value);
    new Summary({ name: "empty", help: "E." });
    await sleep(30);
    return register.metrics();
  },
  aloneInOpenMetrics() {
    return this.alone(true);
  },
  /** Metrics that come into other registries, and leave those that they were made for. */
  async moved() {
    const { Counter, Gauge, Registry, register } = load();
    const registry = new Registry();
    const both = new Counter({ name: "both_total", help: "B.", registers: [register, registry] });
    const own = new Counter({ name: "own_total", help: "O.", registers: [registry] });
    const single = new Counter({ name: "single", help: "S.", registers: [register, registry] });
    /** @type {string[]} */
    const shown = [];
    const show = async () => {
      for (const counter of [both, own, single]) counter.inc();
      await sleep(20);
      for (const one of [register, registry]) shown.push(await one.metrics());
    };
    await show();
    register.removeSingleMetric("single");
    new Gauge({ name: "single", help: "Another." }).set(7);
    await show();
    register.clear();
    await show();
    register.registerMetric(own);
    await show();
    registry.clear();
    await show();
    for (const one of [register, registry]) one.setDefaultLabels({ app: "a" });
    registry.registerMetric(both);
    registry.registerMetric(own);
    await show();
    register.clear();
    await show();
    return shown;
  },
  /** Metrics and series that go, and are there again with as much as before. */
  async again() {
    const { Counter, Histogram, register } = load();
    /** @type {string[]} */
    const shown = [];
    const show = async () => {
      shown.push(await register.metrics());
    };
    const counter = new Counter({ name: "c_total", help: "C." });
    const histogram = new Histogram({ name: "h", help: "H.", labelNames: ["a"], buckets: [1, 5] });
    const takes = [
      () => counter.reset(),
      () => histogram.reset(),
      () => histogram.remove("x"),
      () => histogram.zero({ a: "x" }),
      () => register.resetMetrics(),
    ];
    for (const settle of [async () => {}, show]) {
      for (const take of takes) {
        for (const value of [0.5, 3, 7]) {
          counter.inc();
          histogram.observe({ a: "x" }, value);
          await show();
          take();
          await settle();
        }
      }
    }
    for (const [help, buckets] of /** @type {const} */ ([
      ["One.", [1]],
      ["Two.", [2, 3]],
      ["One.", [1]],
    ])) {
      const again = new Histogram({ name: "again", help, buckets: [...buckets] });
      await show();
      again.observe(2);
      await show();
      register.removeSingleMetric("again");
      await show();
    }
    return shown;
  },
  /** Default labels that come when there are series, one of which is touched at once. */
  async relabelled() {
    const { Counter, Gauge, Histogram, Summary, register } = load();
    const labelNames = ["a"];
    const counter = new Counter({ name: "c_total", help: "C.", labelNames });
    const gauge = new Gauge({ name: "g", help: "G.", labelNames });
    const histogram = new Histogram({ name: "h", help: "H.", labelNames, buckets: [1] });
    const summary = new Summary({ name: "s", help: "S.", labelNames, percentiles: [0.5] });
    const record = (/** @type {number} */ a) => {
      counter.inc({ a });
      gauge.set({ a }, a);
      histogram.observe({ a }, a);
      summary.observe({ a }, a);
    };
    for (const a of [3, 1, 2]) record(a);
    await sleep(20);
    gauge.remove(3);
    register.setDefaultLabels({ zone: "z" });
    record(2);
    record(1);
    return register.metrics();
  },
  /** Default labels of the names that buckets and quantiles have for their own. */
  async reservedLabels() {
    const { Histogram, Summary, register } = load();
    register.setDefaultLabels({ le: "l", quantile: "q" });
    new Histogram({ name: "h", help: "H.", buckets: [1] }).observe(2);
    new Summary({ name: "s", help: "S.", percentiles: [0.5] }).observe(2);
    return samples(await register.metrics());
  },
  /** Default labels that change in the object that the registry has. */
  async labelsInPlace() {
    const { Counter, register } = load();
    /** @type {Record<string, string>} */
    const labels = { zone: "z" };
    register.setDefaultLabels(labels);
    const counter = new Counter({ name: "c_total", help: "C." });
    counter.inc();
    await sleep(20);
    labels.zone = "y";
    const shown = [await register.metrics()];
    counter.inc();
    delete labels.zone;
    labels.region = "r";
    shown.push(await register.metrics());
    return shown;
  },
  /** Scrapes whenever the event loop has run out, and tells at the end how often that was. */
  beforeExit() {
    const { Counter, register } = load();
    const counter = new Counter({ name: "c_total", help: "C.", labelNames: ["a"] });
    for (let a = 0; a < 20_000; a++) counter.inc({ a });
    /** @type {number[]} */
    const lines = [];
    let times = 0;
    process.on("beforeExit", () => {
      if (++times === 1) setTimeout(() => {}, 20);
      if (times < 9) register.metrics().then((/** @type {string} */ text) => lines.push(text.split("\n").length));
    });
    process.on("exit", () => process.stdout.write(JSON.stringify({ times, lines })));
  },
  /** What the client gives as objects stays that of this process. */
  async json() {
    const { Counter, register } = load();
    const counter = new Counter({ name: "c_total", help: "C.", labelNames: ["a"] });
    counter.inc({ a: "x" }, 2);
    await sleep(5);
    counter.inc({ a: "x" });
    return JSON.parse(JSON.stringify(await register.getMetricsAsJSON()));
  },
  async exemplars() {
    const { Counter, Histogram, Registry } = load();
    const registry = new Registry(Registry.OPENMETRICS_CONTENT_TYPE);
    const registers = [registry];
    const counter = new Counter({ name: "c_total", help: "C.", enableExemplars: true, registers });
    counter.inc({ value: 2, exemplarLabels: { trace: "abc" } });
    const buckets = [1, Infinity];
    const histogram = new Histogram({ name: "h", help: "H.", buckets, enableExemplars: true, registers });
    histogram.observe({ value: 0.5, exemplarLabels: { trace: "def" } });
    histogram.observe({ value: 5, exemplarLabels: { trace: "ghi" } });
    return (await registry.metrics()).replaceAll(/ \d{10}(?:\.\d+)?$/gm, " TIME");
  },
  /** A counter whose exemplar alone changes, and metrics that have none any more. */
  async changedExemplars() {
    const { Counter, Histogram, Registry } = load();
    const registry = new Registry(Registry.OPENMETRICS_CONTENT_TYPE);
    const more = { help: "H.", enableExemplars: true, registers: [registry] };
    const counter = new Counter({ name: "c_total", ...more });
    const reset = new Counter({ name: "reset_total", ...more });
    const histogram = new Histogram({ name: "h", buckets: [1], ...more });
    for (const metric of [counter, reset]) metric.inc({ value: 2, exemplarLabels: { trace: "abc" } });
    histogram.observe({ value: 0.5, exemplarLabels: { trace: "def" } });
    await registry.metrics();
    counter.inc({ value: 0, exemplarLabels: { trace: "ghi" } });
    reset.reset();
    reset.inc();
    histogram.reset();
    histogram.observe({ value: 0.5 });
    return (await registry.metrics()).replaceAll(/ \d{10}(?:\.\d+)?$/gm, " TIME");
  },
  /** Labels that are null, which the client takes for none, of a summary. */
  async nullLabels() {
    const { Summary, register } = load();
    const summary = new Summary({ name: "s", help: "S.", labelNames: ["a"], percentiles: [] });
    summary.labels(null).observe(2);
    summary.observe({ a: "x" }, 1);
    return samples(await register.metrics());
  },
  /** Values of labels that are shown alike, of a gauge; then when what was shown first is gone. */
  async shownAlike() {
    const { Gauge, register } = load();
    const gauge = new Gauge({ name: "g", help: "G.", labelNames: ["a"] });
    const lines = async () => (await register.metrics()).split("\n").filter((line) => line.startsWith("g{"));
    for (const [i, a] of [null, "", "null", undefined, "undefined"].entries()) gauge.set({ a }, i + 1);
    const shown = await lines();
    gauge.remove({ a: null });
    return [shown, await lines()];
  },
  /** With timers that never run, in the place of all those of Node. */
  async faked() {
    const globals = /** @type {Record<string, any>} */ (globalThis);
    const require = createRequire(import.meta.url);
    const modules = [globals, require("node:timers"), require("node:timers/promises")];
    let made = 0;
    for (const holder of modules)
      for (const name of ["setTimeout", "setInterval", "setImmediate", "queueMicrotask"])
        if (name in holder)
          holder[name] = () => {
            made++;
            return holder === modules[2] ? new Promise(() => {}) : 0;
          };
    syncBuiltinESMExports();
    const { Counter, register } = load();
    new Counter({ name: "c_total", help: "C." }).inc();
    return { ...samples(await register.metrics()), ...samples(await register.metrics()), made };
  },
  /** Metrics that registries have taken which they were not made for. */
  async taken() {
    const { AggregatorRegistry, Counter, Registry, register } = load();
    const [one, other] = [new Registry(), new Registry()];
    const counter = (name, registers) => new Counter({ name, help: "C.", registers });
    const [none, own, both] = [counter("none_total", []), counter("own_total", [one]), counter("both_total", [one])];
    register.registerMetric(none);
    register.registerMetric(both);
    for (const metric of [none, own, both]) metric.inc();
    await sleep(30);
    const inCluster = async () => samples(await new AggregatorRegistry().clusterMetrics());
    const first = await inCluster();
    other.registerMetric(none);
    other.registerMetric(own);
    other.clear();
    one.removeSingleMetric("both_total");
    for (const metric of [none, own, both]) metric.inc();
    await sleep(30);
    const second = await inCluster();
    AggregatorRegistry.setRegistries(Registry.merge([one]));
    return { first, second, merged: await inCluster() };
  },
  /** Metrics that go, and one of a name that is there again, while a registry that was merged from theirs has them. */
  async merged() {
    const { Counter, Registry, register } = load();
    const registry = new Registry();
    const counter = (name, registers) => new Counter({ name, help: "C.", registers });
    const [both, own] = [counter("both_total", [register, registry]), counter("own_total", [registry])];
    counter("again_total", [registry]).inc(2);
    both.inc();
    own.inc();
    const merged = Registry.merge([register, registry]);
    counter("late_total", [merged]).inc(4);
    const shown = [await merged.metrics()];
    registry.clear();
    counter("again_total", [registry]).inc(3);
    both.inc();
    own.inc();
    for (const one of [register, registry, merged]) shown.push(await one.metrics());
    return shown;
  },
  /** A container that the app empties by another in its place. */
  async emptied() {
    const { Counter, Gauge, register } = load();
    const labelNames = ["a"];
    const counter = new Counter({ name: "c_total", help: "C.", labelNames });
    const gauge = new Gauge({ name: "g", help: "G.", labelNames });
    const collected = new Gauge({
      name: "collected",
      help: "C.",
      labelNames,
      collect() {
        this.hashMap = {};
        this.set({ a: ++calls }, 1);
      },
    });
    let calls = 0;
    for (const a of [1, 2]) {
      counter.inc({ a });
      gauge.set({ a }, 3);
    }
    await sleep(30);
    for (const metric of [counter, gauge, collected]) metric.hashMap = {};
    const emptied = samples(await register.metrics());
    counter.inc({ a: 2 });
    gauge.set({ a: 2 }, 4);
    await sleep(30);
    return { emptied, again: samples(await register.metrics()) };
  },
  /** Entries that the app puts in the place of those that there are, and one that it deletes. */
  async entriesByHand() {
    const { Counter, Gauge, Histogram, register } = load();
    const labelNames = ["a"];
    const metrics = [
      new Counter({ name: "c_total", help: "C.", labelNames }),
      new Gauge({ name: "g", help: "G.", labelNames }),
      new Histogram({ name: "h", help: "H.", labelNames, buckets: [1] }),
    ];
    const moved = new Histogram({ name: "moved", help: "M.", buckets: [1, 2, 3] });
    for (const value of [1, 2]) moved.observe(value);
    const [counter, gauge, histogram] = metrics;
    for (let a = 0; a < 60; a++) {
      counter.inc({ a });
      gauge.set({ a }, 3);
      histogram.observe({ a }, 2);
    }
    await register.metrics();
    for (const { hashMap } of metrics)
      for (const [key, { labels, ...entry }] of Object.entries(hashMap))
        hashMap[key] = { ...structuredClone(entry), labels };
    // One more in all, and another bucket for one of those before.
    moved.hashMap[""] = { ...moved.hashMap[""], bucketValues: { 1: 2, 2: 0, 3: 1 }, count: 3, sum: 5 };
    delete counter.hashMap[Object.keys(counter.hashMap)[7]];
    for (const a of [0, 59]) {
      counter.inc({ a });
      gauge.inc({ a });
      histogram.observe({ a }, 0.5);
      await register.metrics();
    }
    return samples(await register.metrics());
  },
  /** A label set that is removed and recorded again, over and over, for longer than what is recorded waits to be written. */
  async rebuilt() {
    const { Counter, Gauge, Histogram, register } = load();
    const named = (/** @type {string} */ name) => ({ name, help: "R.", labelNames: ["a"] });
    const counter = new Counter(named("c_total"));
    const gauge = new Gauge(named("g"));
    const histogram = new Histogram({ ...named("h"), buckets: [1] });
    for (let round = 1; round <= 100; round++) {
      for (const metric of [counter, gauge, histogram]) metric.remove({ a: 1 });
      for (const end = performance.now() + 1; performance.now() < end; );
      counter.inc({ a: 1 });
      gauge.set({ a: 1 }, 1);
      histogram.observe({ a: 1 }, 1);
      if (round % 25 === 0) await sleep(30);
    }
    counter.inc({ a: 1 });
    histogram.observe({ a: 1 }, 1);
    await sleep(30);
    return samples(await register.metrics());
  },
  /** So many series that not all of them are looked at for each that changes. */
  async manySeries() {
    const { Counter, Histogram, register } = load();
    const counter = new Counter({ name: "c_total", help: "C.", labelNames: ["a"] });
    const histogram = new Histogram({ name: "h", help: "H.", labelNames: ["a"], buckets: [1] });
    for (let a = 0; a < 2000; a++) {
      counter.inc({ a });
      histogram.observe({ a }, 1);
    }
    const changed = async () =>
      Object.fromEntries(Object.entries(samples(await register.metrics())).filter(([, value]) => value !== 1));
    const results = [await changed()];
    const rounds = [
      () => counter.inc({ a: 7 }),
      () => {
        counter.labels("8").inc(2);
        histogram.labels("8").observe(0.5);
        histogram.observe({ a: 9 }, 0.25);
      },
      () => {
        counter.inc({ a: "new" }, 3);
        histogram.observe({ a: "new" }, 3);
      },
      () => {
        counter.remove("7");
        histogram.remove("7");
        counter.inc({ a: 7 }, 4);
        histogram.observe({ a: 7 }, 4);
      },
      () => {
        counter.inc({ a: 10 }, 5);
        counter.remove("10");
      },
      () => {
        for (const wrong of [{ b: 1 }, { a: 1, b: 1 }])
          for (const record of [() => counter.inc(wrong), () => histogram.observe(wrong, 1)])
            try {
              record();
            } catch {
              // It is said so of labels that the metric has not.
            }
        counter.inc({ a: 11 }, 6);
      },
      // Labels that record themselves, and write what has changed.
      () => {
        const recording = () => {
          counter.inc({ a: 13 }, 7);
          counter.remove("14");
          register.metrics();
          return "12";
        };
        counter.inc({ a: { toString: recording } }, 8);
        counter.remove({ a: { toString: recording } });
      },
      () => counter.inc({ a: 12 }, 8),
      () => {
        for (let a = 20; a < 1020; a++) counter.inc({ a }, 9);
      },
      () => counter.inc({ a: 15 }, 10),
      () => {
        counter.inc({ a: 16 });
        counter.reset();
        counter.inc({ a: 17 }, 11);
      },
      () => counter.inc({ a: 17 }, 11),
    ];
    for (const round of rounds) {
      round();
      results.push(await changed());
    }
    Object.freeze(counter);
    counter.inc({ a: 17 }, 11);
    if (client.includes("prom-client")) counter.remove("17");
    counter.inc({ a: 18 }, 12);
    const frozen = new Counter({ name: "frozen_total", help: "F.", labelNames: ["a"] });
    for (let a = 0; a < 2000; a++) frozen.inc({ a });
    await changed();
    Object.freeze(frozen);
    frozen.remove("1999");
    const left = Object.keys(samples(await register.metrics())).filter((name) => name.startsWith("frozen_total"));
    return [...results, await changed(), left.length];
  },
  /** Another program in the place of this one. */
  async replaced() {
    const { Counter } = load();
    const counter = new Counter({ name: "c_total", help: "C." });
    counter.inc();
    await sleep(30);
    counter.inc(4);
    // From Node 22.15 on.
    const { execve } = /** @type {any} */ (process);
    return execve?.(process.execPath, [process.execPath, "-p", "'\"ended\"'"], process.env) ?? "ended";
  },
  /** A metric that cannot be watched, and one that can. */
  async frozen() {
    const { Counter, register } = load();
    const frozen = new Counter({ name: "frozen_total", help: "F.", labelNames: ["a"] });
    frozen.inc({ a: 1 });
    Object.freeze(frozen.hashMap ?? frozen.store);
    new Counter({ name: "c_total", help: "C." }).inc();
    await sleep(5);
    frozen.inc({ a: 1 });
    return samples(await register.metrics());
  },
  /** Label values that cannot be read when they are brought in, of which one throws no error, between two counters. */
  async faulty() {
    const { Counter, register } = load();
    const labelNames = ["a"];
    const make = (name) => new Counter({ name, help: "C.", labelNames });
    const [first, faulty, worse, last] = ["first_total", "faulty_total", "worse_total", "last_total"].map(make);
    faulty.inc({ a: 2 });
    await sleep(20);
    const throwing = (thrown) => {
      let reads = 0;
      return {
        toString() {
          if (++reads === 2) throw thrown;
          return "1";
        },
      };
    };
    first.inc({ a: 1 });
    faulty.inc({ a: throwing(new Error("not now")) });
    worse.inc({ a: throwing(null) });
    last.inc({ a: 1 });
    await sleep(20);
    return samples(await register.metrics());
  },
  /** Two copies of the client, of which one has others than its default registry in `clusterMetrics()`. */
  async copiesApart() {
    const copies = [createRequire(import.meta.url)("prom-client"), load()];
    for (const [i, { Counter, Registry, AggregatorRegistry }] of copies.entries()) {
      const own = new Registry();
      new Counter({ name: `jobs_${i}_total`, help: "Jobs." }).inc();
      new Counter({ name: `own_${i}_total`, help: "Own.", registers: [own] }).inc();
      if (i === 0) AggregatorRegistry.setRegistries([own]);
    }
    await sleep(20);
    return samples(await new copies[1].AggregatorRegistry().clusterMetrics());
  },
  /** Two copies of the client, each with a counter of the same name. */
  async copies() {
    const copies = [createRequire(import.meta.url)("prom-client"), load()];
    for (const [i, { Counter }] of copies.entries()) {
      new Counter({ name: "jobs_total", help: "Jobs." }).inc(i + 3);
      new Counter({ name: `jobs_${i}_total`, help: "Jobs." }).inc();
    }
    await sleep(20);
    const shown = await Promise.all(copies.map(({ register }) => register.metrics()));
    return shown.map((text) => samples(text).jobs_total);
  },
  /** A callback that throws, as it does without the guard. */
  async throws() {
    const { Gauge, register } = load();
    const collect = () => {
      throw new Error("no value");
    };
    new Gauge({ name: "g", help: "G.", collect });
    return register.metrics().catch(String);
  },
  /**
   * Counts as it ends, by itself or because it is told to.
   * @param {boolean} told
   */
  async ending(told = false) {
    const { Counter, Histogram } = load();
    const counter = new Counter({ name: "c_total", help: "C.", labelNames: ["a"] });
    const histogram = new Histogram({ name: "h", help: "H.", buckets: [1] });
    counter.inc({ a: 1 });
    await sleep(5);
    process.on("exit", () => {
      counter.inc({ a: 1 });
      counter.labels(1).inc(5);
      counter.inc({ a: 2 });
      histogram.observe(0.5);
    });
    if (!told) return "ended";
    counter.inc({ a: 3 });
    await sleep(5);
    counter.inc({ a: 3 });
    process.stdout.write('"ended"');
    return process.exit();
  },
  exiting() {
    return this.ending(true);
  },
  /** Adds a listener when nothing runs any more before it does, which adds another, which ends the process itself. */
  late_exit() {
    const { Counter } = load();
    const counter = new Counter({ name: "c_total", help: "C.", labelNames: ["a"] });
    counter.inc({ a: 1 });
    process.on("exit", () => counter.inc({ a: 1 }, 4));
    setImmediate(() => {
      counter.inc({ a: 2 });
      process.stdout.write('"ended"');
      process.on("exit", () => {
        counter.inc({ a: 1 }, 7);
        counter.inc({ a: 3 }, 2);
        process.on("exit", () => counter.inc({ a: 4 }, 1000));
        process.exit();
      });
      process.exit();
    });
    return new Promise(() => {});
  },
  /** Counts, and is never scraped. */
  async idle() {
    const { Counter } = load();
    new Counter({ name: "c_total", help: "C." }).inc();
    return "done";
  },
  /** A metric of the app's own making. */
  async foreign() {
    const { Counter, register } = load();
    new Counter({ name: "c_total", help: "C." }).inc();
    const get = () => ({ name: "f", help: "F.", type: "gauge", values: [{ value: 7, labels: {} }] });
    register.registerMetric({ name: "f", help: "F.", type: "gauge", get });
    return samples(await register.metrics());
  },
};

/** @param {object} hashMap */
function isPlain(hashMap) {
  const properties = Object.values(Object.getOwnPropertyDescriptors(hashMap));
  return Object.getPrototypeOf(hashMap) === Object.prototype && properties.every((property) => "value" in property);
}

const outcome = await scenarios[scenario]?.();
if (outcome !== undefined) process.stdout.write(JSON.stringify(outcome));
