import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { duel } from "../lib/duel.mjs";
import { writeGraph } from "../lib/module-graph.mjs";
import { nodes, REGISTER } from "../lib/paths.mjs";
import { AGENTS, installPeers } from "../lib/peers.mjs";
import { ns, print, range, ratio } from "../lib/print.mjs";
import { alternated } from "../lib/spawned.mjs";
import { median } from "../lib/statistics.mjs";
import { WAYS } from "../workloads/peer-record.mjs";

const ROUNDS = 3;
const PRELOADS = [{ name: "flushguard", preload: REGISTER }, ...AGENTS];

/** What the guard costs beside what else is preloaded into apps, and beside what else stands around a record. */
export async function peers() {
  installPeers();
  processes();
  await records();
}

/** The agents do more than this package does: they trace the app. What is compared is what an app pays to have them there. */
function processes() {
  const folder = mkdtempSync(join(tmpdir(), "flushguard-bench-"));
  try {
    const empty = join(folder, "empty.mjs");
    writeFileSync(empty, "");
    const app = writeGraph(folder, "cjs");
    writeFileSync(app, "\nprocess.stdout.write(` ` + process.memoryUsage.rss());\n", { flag: "a" });
    const rows = nodes().flatMap((node) => {
      const preloads = [empty, ...PRELOADS.map(({ preload }) => preload)];
      const commands = preloads.map((preload) => [node.binary, "--no-warnings", "--import", preload, app]);
      const [nothing = [], ...others] = alternated(commands, folder, ROUNDS).map((runs) => runs.map(read));
      return others.map((runs, index) => {
        const beside = (
          /** @type {(run: ReturnType<typeof read>, base: ReturnType<typeof read>) => number} */ compare,
        ) => median(runs.map((run, round) => compare(run, nothing[round] ?? { startMs: 0, loadMs: 0, memory: 0 })));
        return [
          `${node.name}, ${PRELOADS[index]?.name}`,
          `+${beside((run, base) => run.startMs - base.startMs).toFixed(0)}`,
          ratio(beside((run, base) => run.loadMs / base.loadMs)),
          ratio(beside((run, base) => run.memory / base.memory)),
        ];
      });
    });
    print(
      "Preloads, beside an empty --import: processor time of the process without that of loading 500 CommonJS modules, that, and resident memory",
      ["", "start-up ms", "loading ÷ empty", "memory ÷ empty"],
      rows,
    );
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** @param {import("../lib/spawned.mjs").Run} run */
function read({ cpuMs, stdout }) {
  const [loadMs = Number.NaN, memory = Number.NaN] = stdout.trim().split(/\s+/).slice(-2).map(Number);
  return { startMs: cpuMs - loadMs, loadMs, memory };
}

async function records() {
  const scores = await duel(
    "peer-record",
    WAYS.map((way) => ({ args: { way } })),
    { rounds: 5 },
  );
  print(
    "A record of 8 counts in a Map, with nothing in flight, ÷ the bare call",
    ["", "ns", "ratio", "rounds"],
    WAYS.map((way, index) => {
      const { median: took, ratio: times, ratios } = scores[index];
      return [way, ns(took), ratio(times), range(ratios)];
    }),
  );
}
