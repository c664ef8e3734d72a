import { join } from "node:path";
import { program } from "../../debian/programs.mjs";
import { startCollector } from "./collector.mjs";
import { collectorConfig, prometheusConfig, receiverConfig } from "./documented.mjs";
import { freePort, started, until } from "./processes.mjs";
import { startPrometheus } from "./prometheus.mjs";
import { run, temporaryFolder } from "./run.mjs";
import { startServe } from "./serve.mjs";

const MACHINES = ["a", "b", "c", "d"];
const PROCESSES = 2;
const COUNT = 100;

/** What all processes of all machines record in one of these runs. */
export const RECORDED = MACHINES.length * PROCESSES * COUNT;

/**
 * Runs all processes of all machines, those of each one after the other. A machine here is a directory.
 * @param {{ guarded: boolean, push?: (machine: string) => object }} options
 * @returns {Promise<string[]>} the directories
 */
async function runMachines({ guarded, push = () => ({}) }) {
  const folder = temporaryFolder();
  const directories = MACHINES.map((machine) => join(folder, machine));
  const machine = async (/** @type {string} */ name, /** @type {number} */ i) => {
    const directory = /** @type {string} */ (directories[i]);
    for (let n = 0; n < PROCESSES; n++) {
      await run("machine-app", { count: COUNT, ...push(name) }, { guarded, directory });
    }
  };
  await Promise.all(MACHINES.map(machine));
  return directories;
}

/**
 * Every process pushes to a real Pushgateway when it has counted, and a real Prometheus scrapes that.
 * @param {{ guarded: boolean, grouped: boolean }} options grouped: each machine has a grouping key of its own
 * @returns {Promise<number>} what it adds up
 */
export async function pushed({ guarded, grouped }) {
  const gateway = `http://127.0.0.1:${await freePort()}`;
  const { end } = started(program("pushgateway"), [
    `--web.listen-address=${new URL(gateway).host}`,
    `--persistence.file=${join(temporaryFolder(), "pushed")}`,
    "--log.level=error",
  ]);
  try {
    await until(async () => ((await fetch(`${gateway}/-/ready`)).ok ? true : undefined), "the Pushgateway");
    await runMachines({
      guarded,
      push: (machine) => ({ gateway, groupings: grouped ? { instance: machine } : {} }),
    });
    const config = prometheusConfig("pushgateway.yml", [new URL(gateway).host]);
    return await seen(config, grouped ? MACHINES.length : 1);
  } finally {
    await end();
  }
}

/**
 * A real Prometheus scrapes `flushguard serve` on every machine.
 * @param {"prometheus.yml" | "otel-collector.yml"} documented where its configuration is from
 * @returns {Promise<number>} what it adds up
 */
export const scraped = (documented) =>
  served((hosts) =>
    seen(
      documented === "prometheus.yml" ? prometheusConfig(documented, hosts) : receiverConfig(hosts),
      MACHINES.length,
    ),
  );

/**
 * A real OpenTelemetry collector scrapes `flushguard serve` on every machine.
 * @param {string} collector the path of the program
 * @returns {Promise<number>} what has come to its backend
 */
export const collected = (collector) =>
  served(async (hosts) => {
    const { of, end } = await startCollector(collector, collectorConfig(hosts));
    const all = async () => (of("requests_total").length === MACHINES.length ? of("requests_total") : undefined);
    try {
      return (await until(all, "the collector")).reduce((sum, value) => sum + value, 0);
    } finally {
      await end();
    }
  });

/** Machines whose processes have ended, for whoever scrapes them. @type {Promise<string[]> | undefined} */
let ran;

/**
 * @param {(hosts: readonly string[]) => Promise<number>} scrape where `flushguard serve` runs
 * @returns {Promise<number>} what that gave
 */
async function served(scrape) {
  ran ??= runMachines({ guarded: true });
  const directories = await ran;
  const serving = await Promise.all(directories.map((directory) => startServe(directory)));
  try {
    return await scrape(serving.map(({ host }) => host));
  } finally {
    await Promise.all(serving.map(({ end }) => end()));
  }
}

/**
 * @param {string} config of a real Prometheus
 * @param {number} series how many there are
 * @returns {Promise<number>} what it adds up
 */
async function seen(config, series) {
  const prometheus = await startPrometheus(config);
  try {
    await until(async () => (await prometheus.query(`count(requests_total) == ${series}`)).at(0), `${series} series`);
    const [sum] = await prometheus.query("sum without (instance) (requests_total)");
    return Number(sum?.value?.[1]);
  } finally {
    await prometheus.end();
  }
}
