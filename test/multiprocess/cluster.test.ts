import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { installed } from "../matrix/lib/install.mjs";
import { NODES } from "../nodes/nodes.js";
import { folder } from "./in-process.js";
import { run } from "./lib/run.mjs";

const shown = (count: number, workers: number) => ({
  'jobs_total{kind="a\\",\\n"}': count,
  most: 100,
  'seconds_bucket{le="1",kind="a"}': workers,
  'seconds_bucket{le="2",kind="a"}': 2 * workers,
  'seconds_bucket{le="+Inf",kind="a"}': 3 * workers,
  'seconds_sum{kind="a"}': 11 * workers,
  'seconds_count{kind="a"}': 3 * workers,
  bytes_sum: count,
  bytes_count: workers,
});

/** @prometheus-io/client needs Node 22. */
const NEW = NODES.find(({ version }) => Number.parseInt(version, 10) >= 22)?.binary ?? process.execPath;

const CLIENTS = [
  { client: "prom-client", version: undefined, node: process.execPath },
  { client: "prom-client", version: "14.2.0", node: process.execPath },
  { client: "@prometheus-io/client", version: undefined, node: NEW },
];

describe.each(CLIENTS)("workers without the preload, $client $version", ({ client, version, node }) => {
  const start = async (options: object, env: Record<string, string> = { FLUSHGUARD_LOG: "silent" }) => {
    const path = version && join(await installed({ module: client, version, companions: {} }), "node_modules", client);
    const app = { client: path ?? client, bare: 3, apart: false, stop: false, ...options };
    return run("asked-app", app, { guarded: true, directory: folder(), node, env });
  };

  test("are asked, and counted once", async () => {
    expect(await start({})).toMatchObject([{ samples: shown(130, 4) }]);
  });

  test("are asked for the registries that the app has set, as the others show those alone", async () => {
    expect(await start({ apart: true })).toEqual([{ samples: { own_total: 130 }, late: expect.any(Boolean) }]);
  });

  // Of the client's own code only the round is asked, which is above.
  if (version !== undefined) return;
  test("keep what they have answered while they are late, and one line tells of them", async () => {
    const options = { bare: 2, stop: true };
    const samples = shown(120, 3);
    expect(await start(options)).toMatchObject([{ samples }, { samples, late: true }, { samples }]);
    const bare = "flushguard: a Node process was started without the preload, .+";
    const line = "flushguard: .+: the workers \\d+, \\d+ count without it, .+; start them with the flags .+";
    await expect(start(options, {})).rejects.toThrow(new RegExp(`\\]${bare}\\n${line}\\n$`));
  });
});

describe.each([...CLIENTS, { client: "prom-client", version: "13.2.0", node: process.execPath }])(
  "aggregators, $client $version",
  ({ client, version, node }) => {
    test("are those of the client, for metrics of every type", async () => {
      const path =
        version && join(await installed({ module: client, version, companions: {} }), "node_modules", client);
      const start = async (guarded: boolean): Promise<string[]> =>
        run("aggregators-app", { client: path ?? client }, { guarded, directory: folder(), node });
      const [plain, guarded] = [await start(false), await start(true)];
      // The client's is the one that answers first, which may be any.
      const isFirst = (line: string) => /^\w+_first/.test(line);
      const others = (lines: string[]) => lines.filter((line) => !isFirst(line));
      expect(others(guarded)).toEqual(others(plain));
      const named = (lines: string[]) => lines.filter(isFirst).map((line) => line.slice(0, line.lastIndexOf(" ")));
      expect(named(guarded)).toEqual(named(plain));
      expect(guarded.filter((line) => /counter_first_total\{of="all"\} [124]$/.test(line))).toHaveLength(1);
    });
  },
);

describe.each(CLIENTS)(
  "registries that processes want in clusterMetrics(), $client $version",
  ({ client, version, node }) => {
    test("are those of each process, as it wanted them last", async () => {
      const path =
        version && join(await installed({ module: client, version, companions: {} }), "node_modules", client);
      const workers = [
        { has: { default: 1, own: 2 }, wants: ["own"], later: ["default"] },
        { has: { default: 4, own: 8 }, wants: ["own", "default"] },
        { has: { default: 16, own: 32 } },
        { has: { default: 64, own: 128 }, wants: ["default"], later: ["own"], early: true },
        { has: { own: 256 }, wants: ["own"], later: [] },
        { has: { default: 512 }, wants: [], later: ["default"] },
      ];
      const start = (guarded: boolean) =>
        run("registries-app", { client: path ?? client, workers }, { guarded, directory: folder(), node });
      const [plain, guarded] = [await start(false), await start(true)];
      expect([guarded.all, guarded.later]).toEqual([plain.all, plain.later]);
      // Of those that are killed stays what they have counted, which the client forgets.
      const counted = (lines: string[]) => lines.filter((line) => !/^(mean|most)/.test(line));
      expect(guarded.left.map(counted)).toEqual([counted(guarded.later), counted(guarded.later)]);
    });
  },
);
