import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { program } from "../../debian/programs.mjs";
import { freePort, started, until } from "./processes.mjs";
import { temporaryFolder } from "./run.mjs";

/**
 * A series that a query gave: pairs of a time in seconds and a value.
 * @typedef {object} Result
 * @property {Record<string, string>} metric
 * @property {[number, string]} [value]
 * @property {[number, string][]} [values]
 */

/**
 * Starts a real Prometheus.
 * @param {string} config its configuration, in YAML
 */
export async function startPrometheus(config) {
  const folder = temporaryFolder();
  const file = join(folder, "prometheus.yml");
  writeFileSync(file, config);
  const url = `http://127.0.0.1:${await freePort()}`;
  const { end } = started(program("prometheus"), [
    `--config.file=${file}`,
    `--storage.tsdb.path=${join(folder, "data")}`,
    `--web.listen-address=${new URL(url).host}`,
    "--enable-feature=exemplar-storage",
    "--log.level=error",
  ]);
  /** @param {string} path @param {Record<string, string>} parameters */
  const ask = async (path, parameters) => {
    const response = await fetch(`${url}/api/v1/${path}?${new URLSearchParams(parameters)}`);
    const { data, error } = await response.json();
    if (error !== undefined) throw new Error(`Prometheus: ${error}`);
    return data;
  };
  /**
   * @param {string} query
   * @param {number} [time] seconds since the epoch; now unless given
   * @returns {Promise<Result[]>}
   */
  const query = async (query, time) =>
    (await ask("query", { query, ...(time === undefined ? {} : { time: time.toFixed(3) }) })).result;
  await until(async () => ((await fetch(`${url}/-/ready`)).ok ? true : undefined), "Prometheus");
  return {
    query,
    end,
    /** @returns {Promise<{ groups: { rules: { name: string, health: string }[] }[] }>} */
    rules: () => ask("rules", {}),
    /** @param {string} query @returns {Promise<{ exemplars: { labels: Record<string, string> }[] }[]>} */
    exemplars: (query) => ask("query_exemplars", { query, start: "0", end: String(Date.now() / 1000 + 1) }),
    /**
     * What `increase()` says of a counter from its first sample to its last. Over just that time there is nothing to
     * extrapolate, so the answer is exact; resets are counted in, as `increase()` does.
     * @param {string} selector
     */
    async increase(selector) {
      let sum = 0;
      let resets = 0;
      let first = 0;
      for (const { metric, values = [] } of await query(`${selector}[1h]`)) {
        const [begin, end] = [values.at(0), values.at(-1)];
        if (begin === undefined || end === undefined) continue;
        const milliseconds = Math.round((end[0] - begin[0]) * 1000);
        const { __name__, ...labels } = metric;
        const matchers = Object.entries(labels).map(([name, value]) => `${name}=${JSON.stringify(value)}`);
        const own = `${__name__}{${matchers.join()}}`;
        const [increase] = await query(`increase(${own}[${milliseconds}ms])`, end[0]);
        const [reset] = await query(`resets(${own}[${milliseconds}ms])`, end[0]);
        sum += Number(increase?.value?.[1]);
        resets += Number(reset?.value?.[1]);
        first += Number(begin[1]);
      }
      return { increase: sum, resets, first };
    },
  };
}
