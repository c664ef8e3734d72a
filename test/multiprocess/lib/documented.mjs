import { readFileSync } from "node:fs";

const DOCS = new URL("../../../docs/multiprocess.md", import.meta.url);

/**
 * A file that the documentation shows.
 * @param {string} name that stands before it
 */
function documented(name) {
  const shown = new RegExp(`\`${name}\`[^\`]*:\n\n\`\`\`yaml\n(.*?)\`\`\``, "s").exec(readFileSync(DOCS, "utf8"))?.[1];
  if (shown === undefined) throw new Error(`docs/multiprocess.md shows no ${name}`);
  return shown;
}

/**
 * Scrapes these hosts, and sooner than is documented.
 * @param {string} config
 * @param {readonly string[]} hosts
 */
function adapted(config, hosts) {
  return config
    .replace(/targets: \[.*\]/, `targets: ${JSON.stringify(hosts)}`)
    .replace(/^( *)(-? *)scrape_interval: \S+/m, "$1$2scrape_interval: 500ms\n$1scrape_timeout: 500ms");
}

/**
 * A configuration of Prometheus.
 * @param {"prometheus.yml" | "pushgateway.yml"} name
 * @param {readonly string[]} hosts
 */
export const prometheusConfig = (name, hosts) => adapted(documented(name), hosts);

/**
 * A configuration of the OpenTelemetry collector.
 * @param {readonly string[]} hosts
 */
export const collectorConfig = (hosts) => adapted(documented("otel-collector.yml"), hosts);

/**
 * What the configuration of the OpenTelemetry collector has for its Prometheus receiver, which is one of Prometheus.
 * @param {readonly string[]} hosts
 */
export function receiverConfig(hosts) {
  const block = /^ {4}config:\n((?: {6}.*\n)+)/m.exec(collectorConfig(hosts))?.[1] ?? "";
  return block.replace(/^ {6}/gm, "");
}
