import { join } from "node:path";
import { beforeAll, describe, expect, test } from "vitest";
import { API } from "../bench/lib/paths.mjs";
import { installed } from "../matrix/lib/install.mjs";
import { NODES } from "../nodes/nodes.js";
import { folder, samples } from "./in-process.js";
import { run } from "./lib/run.mjs";

/** A version of a client on a Node. */
export interface Client {
  name: string;
  client: string;
  /** One that is not installed here. */
  version?: string;
  node: string;
}

/** @prometheus-io/client needs Node 22. */
const runsOn = (client: string) =>
  NODES.filter(({ version }) => client === "prom-client" || Number.parseInt(version, 10) >= 22);

const INSTALLED: readonly Client[] = ["prom-client", "@prometheus-io/client"].flatMap((client) =>
  runsOn(client).map(({ name, binary }) => ({ name: `${client} on ${name}`, client, node: binary })),
);

/** On the first Node that it runs on. */
export const other = (client: string, version: string): Client[] =>
  runsOn(client)
    .slice(0, 1)
    .map(({ name, binary }) => ({ name: `${client} ${version} on ${name}`, client, version, node: binary }));

/** The lowest and the newest of each major version that is covered, but for those that are installed here. */
const OTHERS: readonly Client[] = [
  ...other("prom-client", "13.2.0"),
  ...other("prom-client", "14.0.0"),
  ...other("prom-client", "14.2.0"),
  ...other("prom-client", "15.0.0"),
  ...other("@prometheus-io/client", "0.16.0"),
];

const ALL = [...INSTALLED, ...OTHERS];

/** What is installed here on the oldest Node that it runs on, and the oldest client there is. */
export const QUICK: readonly Client[] = ALL.filter(
  ({ client, node, version }) =>
    version === OTHERS[0]?.version || (version === undefined && node === runsOn(client)[0]?.binary),
);

export const THE_REST: readonly Client[] = ALL.filter((client) => !QUICK.includes(client));

/** What an app requires to get it. */
export async function pathOf({ client, version }: Client): Promise<string> {
  if (version === undefined) return client;
  return join(await installed({ module: client, version, companions: {} }), "node_modules", client);
}

/** Index of the first with the same labels. */
function firstLike(line: string, lines: readonly string[]): number {
  return lines.findIndex((other) => other.split(" ")[0] === line.split(" ")[0]);
}

/** What is the same for all clients, on all Nodes. */
export function describeClients(clients: readonly Client[]): void {
  describe.each(clients)("$name", (which) => {
    const { node } = which;
    let client: string;
    beforeAll(async () => {
      client = await pathOf(which);
    });
    const start = (scenario: string, directory: string, more = {}) =>
      run("client-app", { client, scenario, api: API }, { guarded: true, directory, node, ...more });

    test("every kind of metric is added up, also of processes that are dead", async () => {
      const directory = folder();
      const counters = {
        'c_total{a="1",b="x\\"\\\\\\n"}': 1,
        'c_total{b="y"}': 2.5,
        'c_total{b="z",a="1"}': 3,
        zero_total: 0,
        'h_bucket{le="1"}': 1,
        'h_bucket{le="2"}': 2,
        'h_bucket{le="+Inf"}': 3,
        h_sum: 11,
        h_count: 3,
        's_sum{a="1"}': 10,
        's_count{a="1"}': 2,
      };
      // A gauge has what lives, and quantiles are shown where nobody else does.
      const own = { 'g{a="1"}': 4, 's{quantile="0.5",a="1"}': 5 };
      expect(await start("kinds", directory)).toEqual({ ...counters, ...own });
      const twice = Object.fromEntries(Object.entries(counters).map(([name, value]) => [name, 2 * value]));
      expect(await start("kinds", directory)).toEqual({ ...twice, ...own });
      expect(await samples(directory)).toEqual(twice);
    });

    test.each(["alone", "aloneInOpenMetrics"])(
      "a process that is the only one shows what it does without (%s)",
      async (scenario) => {
        if (scenario === "aloneInOpenMetrics" && /^1[34]\./.test(which.version ?? "")) return;
        const plain = await start(scenario, folder(), { guarded: false });
        expect(plain).toContain("# TYPE none");
        expect(await start(scenario, folder())).toBe(plain);
      },
    );

    test.each([
      ["in registries that its metrics have come into or left", "moved"],
      ["where metrics and series are there again that were gone", "again"],
      ["under default labels that come later", "relabelled"],
      ["under default labels that change where they are", "labelsInPlace"],
      ["where its event loop has run out, which it does as often", "beforeExit"],
    ])("a process that is the only one shows what it does without, %s", async (_, scenario) => {
      // 13 and 14.0 keep those that they have shown.
      if (scenario === "labelsInPlace" && /^(13|14\.0)\./.test(which.version ?? "")) return;
      const plain = await start(scenario, folder(), { guarded: false });
      expect(await start(scenario, folder())).toEqual(plain);
    });

    test("a process that is the only one shows what it does without, whatever it does", async () => {
      // 13 and 14.0 have default labels of their own kind.
      const defaults = !/^(13|14\.0)\./.test(which.version ?? "");
      const random = async (guarded: boolean) => {
        const shown = await run("random-app", { client, seed: 1, programs: 150, defaults }, { guarded, node });
        // What was removed and is there again has its old place.
        return (shown as string[][]).map((texts) => texts.map((text) => text.split("\n").sort()));
      };
      expect(await random(true)).toEqual(await random(false));
    });

    test("no sample has two labels of one name", async () => {
      expect(await start("reservedLabels", folder())).toEqual({
        'h_bucket{le="1",quantile="q"}': 0,
        'h_bucket{le="+Inf",quantile="q"}': 1,
        'h_sum{quantile="q"}': 2,
        'h_count{quantile="q"}': 1,
        's{quantile="0.5",le="l"}': 2,
        's_sum{le="l"}': 2,
        's_count{le="l"}': 1,
      });
    });

    test("what is removed, reset or cleared goes", async () => {
      const left = {
        'c_total{a="3"}': 1,
        'h_bucket{le="1",a="3"}': 0,
        'h_bucket{le="+Inf",a="3"}': 1,
        'h_sum{a="3"}': 2,
        'h_count{a="3"}': 1,
        g: 0,
      };
      expect(await start("removals", folder())).toEqual({
        left,
        again: { ...left, 'c_total{a="1"}': 1 },
        cleared: "\n",
      });
    });

    test("a registry shows its own metrics, under its default labels", async () => {
      const own = {
        'own_total{a="1",app="x",zone="z"}': 1,
        'own_total{a="2",app="mine",zone="z"}': 1,
        'both_total{app="x",zone="z"}': 1,
        'same_total{app="x",zone="z"}': 2,
      };
      expect(await start("registries", folder())).toEqual({
        own,
        default: { 'both_total{app="x",zone="z"}': 1, same_total: 3 },
        merged: own,
      });
    });

    test("bounds of buckets may be given in any way", async () => {
      const directory = folder();
      const bounds = { 'h_bucket{le="1"}': 0, 'h_bucket{le="5"}': 2, 'h_bucket{le="+Inf"}': 3, h_sum: 14, h_count: 3 };
      expect(await start("bounds", directory)).toEqual({ c_total: 1, ...bounds });
      expect(await samples(directory)).toEqual({ c_total: 1, ...bounds });
    });

    test("registries of the app's own with metrics of one name are not added up, after one line", async () => {
      const one = { probe_success: 1, probe_total: 1 };
      const requests = { answers: [one, one, one], again: { again_total: 5 } };
      const directory = folder();
      expect(await start("requests", directory, { env: { FLUSHGUARD_LOG: "silent" } })).toEqual(requests);
      expect(await samples(directory)).toMatchObject({ probe_total: 1, again_total: 5 });
      const line = "flushguard: probe_success, probe_total: metrics of these names are in several registries .+";
      await expect(start("requests", folder())).rejects.toThrow(new RegExp(`^[^\\n]*\\n[^\\n]*${line}\\n$`));
    });

    test("callbacks are called for a scrape, and default metrics are there but for those to be omitted", async () => {
      expect(await start("callbacks", folder())).toEqual({ calls: 1, memory: true, started: true });
    });

    test("metrics that were made before enable() count too", async () => {
      const counted = { 'c_total{a="1"}': 2, own_total: 2 };
      expect(await start("late", folder(), { preload: false })).toEqual(counted);
    });

    test("disable() leaves the client as it was, and enable() goes on without counting twice", async () => {
      const directory = folder();
      const both = { 'c_total{a="1"}': 2, 'c_total{a="2"}': 1 };
      expect(await start("disabled", directory)).toEqual({
        guarded: { 'c_total{a="1"}': 1 },
        plain: true,
        off: both,
        on: { ...both },
      });
      expect(await samples(directory)).toEqual(both);
    });

    test("what the client gives as objects is that of this process, and plain", async () => {
      const values = [{ value: 3, labels: { a: "x" } }];
      const json = [{ help: "C.", name: "c_total", type: "counter", values, aggregator: "sum" }];
      const directory = folder();
      expect(await start("json", directory)).toEqual(json);
      expect(await start("json", directory)).toEqual(json);
    });

    // prom-client has them from 15 on.
    if (!/^1[34]\./.test(which.version ?? "")) {
      test("exemplars are in OpenMetrics", async () => {
        expect((await start("exemplars", folder())).split("\n")).toEqual([
          "# HELP c C.",
          "# TYPE c counter",
          'c_total 2 # {trace="abc"} 2 TIME',
          "# HELP h H.",
          "# TYPE h histogram",
          'h_bucket{le="1"} 1 # {trace="def"} 0.5 TIME',
          'h_bucket{le="+Inf"} 2 # {trace="ghi"} 5 TIME',
          "h_sum 5.5",
          "h_count 2",
          "# EOF",
          "",
        ]);
      });

      test("a metric has the exemplar that the client has, or none", async () => {
        const shown = (await start("changedExemplars", folder())).split("\n");
        // Version 15.0.0 itself shows one without labels.
        const none = (value: number): string => (which.version === "15.0.0" ? ` # {} ${value} TIME` : "");
        expect(shown.filter((line: string) => !/^#|^$/.test(line))).toEqual([
          // Of an increment by nothing, @prometheus-io/client keeps the value of the exemplar before.
          expect.stringMatching(/^c_total 2 # \{trace="ghi"\} [12] TIME$/),
          `reset_total 1${none(1)}`,
          `h_bucket{le="1"} 1${none(0.5)}`,
          'h_bucket{le="+Inf"} 1',
          "h_sum 0.5",
          "h_count 1",
        ]);
      });
    }

    test("a metric that cannot be watched is shown as it is here, after one line", async () => {
      const env = { FLUSHGUARD_LOG: "silent" };
      expect(await start("frozen", folder(), { env })).toEqual({ c_total: 1, 'frozen_total{a="1"}': 2 });
      const line = "flushguard: frozen_total: .+; this metric stays in its process";
      await expect(start("frozen", folder())).rejects.toThrow(new RegExp(`^[^\\n]*\\n[^\\n]*${line}\\n$`));
    });

    if (which.client !== "prom-client") {
      test("labels that are null are none", async () => {
        const own = { s_sum: 2, s_count: 1, 's_sum{a="x"}': 1, 's_count{a="x"}': 1 };
        const directory = folder();
        expect(await start("nullLabels", directory)).toEqual(own);
        expect(await samples(directory)).toEqual(own);
      });

      test("of label sets of a gauge that are shown alike it has the first, as whoever scrapes the client", async () => {
        const plain: string[][] = await start("shownAlike", folder(), { guarded: false });
        const directory = folder();
        const first = plain.map((lines) => lines.filter((line, i) => i === firstLike(line, lines)));
        expect(await start("shownAlike", directory)).toEqual(first);
        expect(plain).not.toEqual(first);
      });
    }

    test("one that cannot be brought in keeps no other from it, and is in no total any more", async () => {
      const [directory, env] = [folder(), { FLUSHGUARD_LOG: "silent" }];
      const others = { 'first_total{a="1"}': 1, 'last_total{a="1"}': 1 };
      const own = { 'faulty_total{a="1"}': 1, 'faulty_total{a="2"}': 1, 'worse_total{a="1"}': 1 };
      expect(await start("faulty", directory, { env })).toEqual({ ...others, ...own });
      expect(await samples(directory)).toEqual(others);
    });

    test.each([
      ["ending", {}],
      ["exiting", { 'c_total{a="3"}': 2 }],
    ])("what a listener of the app's counts as the process exits is there (%s)", async (scenario, more) => {
      const directory = folder();
      expect(await start(scenario, directory)).toBe("ended");
      const histogram = { 'h_bucket{le="1"}': 1, 'h_bucket{le="+Inf"}': 1, h_sum: 0.5, h_count: 1 };
      expect(await samples(directory)).toEqual({ 'c_total{a="1"}': 7, 'c_total{a="2"}': 1, ...histogram, ...more });
    });

    test("what a listener counts that is added as the process exits, and ends it again, is there", async () => {
      const directory = folder();
      expect(await start("late_exit", directory)).toBe("ended");
      expect(await samples(directory)).toEqual({ 'c_total{a="1"}': 12, 'c_total{a="2"}': 1, 'c_total{a="3"}': 2 });
    });

    test("what a callback throws reaches who asks", async () => {
      expect(await start("throws", folder())).toBe("Error: no value");
    });

    test("a metric of the app's own making is shown as it is here", async () => {
      expect(await start("foreign", folder())).toEqual({ c_total: 1, f: 7 });
    });

    test("timers that the app has put in the place of Node's keep no scrape, and are given none", async () => {
      expect(await start("faked", folder())).toEqual({ c_total: 1, made: 0 });
    });

    test("a metric is in all registries that have taken it, for as long as they have it", async () => {
      expect(await start("taken", folder())).toEqual({
        first: { none_total: 1, both_total: 1 },
        second: { none_total: 2, both_total: 2 },
        merged: { own_total: 2 },
      });
    });

    test("a metric is forgotten that only a registry has which was merged from others", async () => {
      const plain = await start("merged", folder(), { guarded: false });
      const directory = folder();
      expect(await start("merged", directory)).toEqual(plain);
      expect(await samples(directory)).toEqual({ both_total: 2, again_total: 3, late_total: 4 });
    });

    if (which.client === "prom-client") {
      test("a metric that is emptied by another container in its place is", async () => {
        const emptied = { 'collected{a="1"}': 1 };
        const again = { 'c_total{a="2"}': 1, 'g{a="2"}': 4, 'collected{a="2"}': 1 };
        expect(await start("emptied", folder())).toEqual({ emptied, again });
      });

      test("what is recorded into entries that the app has put in the place of others is shown", async () => {
        const plain = await start("entriesByHand", folder(), { guarded: false });
        expect(await start("entriesByHand", folder())).toEqual(plain);
      });
    }

    test("a label set that is removed and recorded again, also while it is written, counts from its last beginning", async () => {
      const directory = folder();
      const plain = await start("rebuilt", folder(), { guarded: false });
      expect(plain).toMatchObject({ 'c_total{a="1"}': 2, 'g{a="1"}': 1, 'h_count{a="1"}': 2 });
      expect(await start("rebuilt", directory)).toEqual(plain);
      const { 'g{a="1"}': _, ...lasting } = plain as Record<string, number>;
      expect(await samples(directory)).toMatchObject(lasting);
    });

    test("of many series those are shown as they are that a call has changed, alone, among others or inside of another", async () => {
      const plain = await start("manySeries", folder(), { guarded: false });
      expect(await start("manySeries", folder())).toEqual(plain);
    });

    test("what was recorded before another program takes the place of this one is there", async () => {
      const directory = folder();
      expect(await start("replaced", directory)).toBe("ended");
      expect(await samples(directory)).toEqual({ c_total: 5 });
    });

    test("FLUSHGUARD_MULTIPROCESS_METRICS=own shows this process, and the files are there for others", async () => {
      const directory = folder();
      const own = { FLUSHGUARD_MULTIPROCESS_METRICS: "own" };
      for (let i = 0; i < 2; i++) expect(await start("foreign", directory, { env: own })).toEqual({ c_total: 1, f: 7 });
      expect(await samples(directory)).toEqual({ c_total: 2 });
    });
  });
}

/** Of those that are not installed here. */
export function testUnderCluster(clients: readonly Client[]): void {
  test.each(clients.filter(({ version }) => version !== undefined))(
    "$name: under cluster, workers that are killed keep their counts",
    async (which) => {
      const perTick = 10;
      const workers = 2;
      const options = { truth: folder(), seconds: 1, workers, perTick, killEvery: 200, kills: 2, stop: false };
      const { recorded, delivered, kills, failures, backwards } = await run(
        "cluster-app",
        { ...options, client: await pathOf(which) },
        { guarded: true, node: which.node },
      );
      expect(kills).toBeGreaterThan(1);
      expect({ failures, backwards }).toEqual({ failures: [], backwards: 0 });
      expect(recorded - delivered).toBeLessThanOrEqual((kills + workers) * perTick * (10 + 2));
      expect(recorded).toBeGreaterThanOrEqual(delivered);
    },
  );
}
