/**
 * Equal process ids: threads of one process, and processes of two pid namespaces that share a directory.
 *
 *     node test/multiprocess/runs/identities.mjs [package]
 */
import { print } from "../../bench/lib/print.mjs";
import { refusal, startContained } from "../lib/namespaces.mjs";
import { samplesIn } from "../lib/read.mjs";
import { run, temporaryFolder } from "../lib/run.mjs";

const [client = "prom-client"] = process.argv.slice(2);
const EACH = 1000;

/** @param {boolean} guarded */
async function threads(guarded) {
  const { recorded, delivered } = await run(
    "threads-app",
    { client, threads: 8, each: EACH, exit: false },
    { guarded },
  );
  return [`8 threads and the main one, ${guarded ? "guarded" : "today"}`, String(recorded), String(delivered)];
}

async function namespaces() {
  const directory = temporaryFolder();
  const containers = await Promise.all([0, 1].map(() => startContained(directory, { client, each: EACH })));
  const samples = await samplesIn(directory);
  await Promise.all(containers.map(({ end }) => end()));
  const pids = containers.map(({ pid }) => pid).join(" and ");
  const gauges = [...samples.keys()].filter((name) => name.startsWith("workers{"));
  return [
    `2 pid namespaces, both pid ${pids}, guarded (gauges ${gauges.join(" and ")})`,
    String(2 * EACH),
    String(samples.get("jobs_total")),
  ];
}

const refused = refusal();
print(
  `${client}, equal process ids`,
  ["", "recorded", "delivered"],
  [await threads(false), await threads(true), ...(refused ? [] : [await namespaces()])],
  refused ? [`no pid namespaces here: ${refused}`] : [],
);
