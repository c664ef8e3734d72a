import { expect, test } from "vitest";
import { both, same } from "./both.js";

/** @param body of `_reportMetrics(metrics)`; it may use `reporter`, and `seen` for what is printed */
const program = (method: string, drive: string): string => `
const { Reporter, SelfReportingMetricsRegistry } = require("measured-reporting");
const seen = [];
class Reports extends Reporter { ${method} }
const reporter = new Reports({ resetMetricsOnInterval: true, defaultReportingIntervalInSeconds: 1000, unrefTimers: true });
const registry = new SelfReportingMetricsRegistry(reporter);
const counters = ["a", "b"].map((name) => registry.getOrCreateCounter(name));
const histogram = registry.getOrCreateHistogram("c");
await turn();
await turn();
const report = () => reporter._reportMetricsWithInterval(1000);
${drive}
console.log(JSON.stringify(seen));
`;

test("measured-reporting: a reporter that keeps its metrics has one entry for each", async () => {
  const keeps = `
    wrappers = new Map(); impls = new Map();
    _reportMetrics(metrics) {
      for (const metric of metrics) {
        this.wrappers.set(metric, metric.name);
        this.impls.set(metric.metricImpl, metric.name);
      }
    }`;
  const drive = `
    for (let n = 0; n < 1000; n++) report();
    seen.push([...reporter.wrappers.values()], [...reporter.impls.values()]);
    counters[0].inc(7);
    seen.push([...reporter.impls.keys()].map((metric) => typeof metric.toJSON() === "number" ? metric.toJSON() : metric.toJSON().count));
    [...reporter.impls.keys()][0].inc(1);
    [...reporter.impls.keys()][2].update(1);
    seen.push(counters[0].toJSON(), histogram.toJSON().count);`;
  await same(program(keeps, drive), [["a", "b", "c"], ["a", "b", "c"], [7, 0, 0], 8, 1]);
});

test("measured-reporting: a reporter sees metrics of the client's own classes", async () => {
  const looks = `
    _reportMetrics(metrics) {
      for (const { metricImpl } of metrics) {
        seen.push(metricImpl.constructor.name, metricImpl.reset.name, metricImpl.toJSON.name, metricImpl.getType.name);
        const known = metricImpl.constructor.prototype;
        seen.push(metricImpl instanceof metricImpl.constructor, metricImpl.getType === known.getType);
        seen.push(Object.keys(metricImpl).length > 0, JSON.stringify(metricImpl) === JSON.stringify(metricImpl.toJSON()));
      }
    }`;
  const of = (name: string) => [name, "reset", "toJSON", "getType", true, true, true, true];
  const drive = "seen.length = 0; report(); seen.push(reporter._reportMetrics.name);";
  await same(program(looks, drive), [...of("Counter"), ...of("Counter"), ...of("Histogram"), "_reportMetrics"]);
});

test("measured-reporting: a reporter may reset its metrics itself", async () => {
  const resets = `
    _reportMetrics(metrics) {
      seen.push(metrics[0].metricImpl.toJSON());
      for (const { metricImpl } of metrics) metricImpl.reset();
      seen.push(metrics[0].metricImpl.toJSON());
    }`;
  const drive =
    "counters[0].inc(3); report(); counters[0].inc(4); report(); report(); seen.push(counters[0].toJSON());";
  await same(program(resets, drive), [0, 0, 3, 0, 4, 0, 0, 0, 0]);
});

test.each([
  ["", ""],
  [", in an app with a Promise of its own", "globalThis.Promise = class extends Promise {};"],
])("measured-reporting: reports in flight together each have what was counted before them%s", async (_, replaced) => {
  const reads = `
    async _reportMetrics(metrics) {
      await turn();
      seen.push(metrics[0].metricImpl.toJSON());
    }`;
  const drive = `
    ${replaced}
    seen.length = 0;
    counters[0].inc(3); report(); counters[0].inc(4); report(); counters[0].inc(5);
    await turn(); await turn();
    seen.push(counters[0].toJSON());`;
  const { unguarded, guarded } = await both(program(reads, drive));
  expect(unguarded).toEqual([5, 5, 5]);
  expect(guarded).toEqual([3, 4, 5]);
});

test("measured-reporting: a promise that the app handles itself is handled", async () => {
  const handles = `
    _reportMetrics() {
      const sent = Promise.reject(new Error("refused"));
      sent.catch(() => seen.push("handled"));
      return sent;
    }`;
  await same(program(handles, "seen.length = 0; report(); await turn();"), ["handled"]);
});

test.each([
  ["async", "async _reportMetrics() { if (seen.refuses) throw new Error('refused'); }"],
  [
    "compiled",
    `_reportMetrics() {
      const __awaiter = (_this, _arguments, _Promise, body) => new Promise((resolve, reject) => (seen.refuses ? reject(body()) : resolve()));
      return __awaiter(this, void 0, void 0, () => new Error("refused"));
    }`,
  ],
])("measured-reporting: a report that is refused and that nobody handles is unhandled: %s", async (_, refuses) => {
  const drive = `
    process.on("unhandledRejection", ({ message }) => seen.push(message));
    seen.length = 0;
    seen.refuses = true;
    report();
    await turn();
    await turn();`;
  await same(program(refuses, drive), ["refused"]);
});

test.each(["", "async"])(
  "measured-reporting: a reporter gets the metrics themselves, which can be cloned (%s)",
  async (kind) => {
    const clones = `
    ${kind} _reportMetrics(metrics) {
      const [{ metricImpl }] = metrics;
      seen.push(metricImpl === counters[0], structuredClone(metrics.slice(0, 2))[0].metricImpl._count, metrics.length);
      metrics.pop();
    }`;
    const drive = `
    seen.length = 0;
    counters[0].inc(3);
    histogram.update(1);
    report();
    await turn();
    seen.push(counters[0].toJSON(), histogram.toJSON().count, Object.hasOwn(counters[0], "toJSON"));`;
    await same(program(clones, drive), [true, 3, 3, 0, 1, false]);
  },
);

test("measured-reporting: a method that takes the place of the reporter's is called", async () => {
  const drive = `
    seen.length = 0;
    report();
    Reports.prototype._reportMetrics = () => seen.push("second");
    report();
    reporter._reportMetrics = () => seen.push("own");
    report();`;
  await same(program("_reportMetrics() { seen.push('first'); }", drive), ["first", "second", "own"]);
});
