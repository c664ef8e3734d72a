import { readFileSync, writeFileSync } from "node:fs";
import { pathToFileURL } from "node:url";
import { rangeOf } from "../../dist/src/packages/version-obstacle.js";
import { targets } from "../../dist/src/targets/list.js";

const README = new URL("../../README.md", import.meta.url);
const CLIENTS = new URL("../../docs/clients.md", import.meta.url);
/** Those that the README shows: one of each kind, as many as fit its first screens. */
const SHOWN = [
  "@opentelemetry/sdk-trace",
  "@segment/analytics-node",
  "@sentry/core",
  "aws-embedded-metrics",
  "hot-shots",
  "unleash-client",
];
const VERIFIED = new URL("verified.json", import.meta.url);
const MATRIX = new URL("../matrix/result.json", import.meta.url);
const COVERED = new URL("../covered/result.json", import.meta.url);

/** What people call the clients, in the order of the table. */
const KINDS = {
  metrics: [
    "applicationinsights",
    "aws-embedded-metrics",
    "cloudwatch-metrics",
    "datadog-metrics",
    "hot-shots",
    "@influxdata/influxdb-client",
    "librato-node",
    "measured-reporting",
    "@opentelemetry/sdk-metrics",
    "statsd-client",
  ],
  traces: ["jaeger-client", "libhoney", "@opentelemetry/sdk-trace", "@opentelemetry/sdk-trace-base", "@sentry/core"],
  logs: [
    "@axiomhq/js",
    "@axiomhq/logging",
    "@axiomhq/winston",
    "@logtail/node",
    "@logtail/winston",
    "fluent-logger",
    "logdna",
    "logzio-nodejs",
    "@opentelemetry/sdk-logs",
    "splunk-logging",
    "winston",
    "winston-cloudwatch",
    "winston-daily-rotate-file",
    "winston-elasticsearch",
    "winston-loki",
    "winston-sumologic-transport",
  ],
  "analytics and flags": [
    "@amplitude/analytics-core",
    "@amplitude/node",
    "analytics-node",
    "flagsmith-nodejs",
    "@launchdarkly/js-sdk-common",
    "launchdarkly-node-server-sdk",
    "ldclient-node",
    "@optimizely/optimizely-sdk",
    "posthog-node",
    "@rudderstack/rudder-sdk-node",
    "@segment/analytics-node",
    "@snowplow/tracker-core",
    "statsig-node",
    "statsig-node-lite",
    "unleash-client",
  ],
  LLM: ["langfuse-core", "langsmith", "lunary", "@openai/agents-core"],
  queues: ["@google-cloud/pubsub"],
};

/** Which copy of a dual package a scenario drives. */
const COPY = / \((?:CommonJS|ES module)\)$/;

/** `300 (100)`: 300 delivered, 100 of them different ones. */
function delivered(run) {
  const repeats = run.distinct === run.delivered ? "" : ` (${run.distinct})`;
  const broken = run.violations?.length > 0 ? `<br>${run.violations.join("<br>")}` : "";
  return `${run.delivered}${repeats}${broken}`;
}

/** The scenarios of both copies of a dual package are one row where they come to the same. */
function rowsOf(scenarios) {
  const rows = new Map();
  for (const { scenario, hazard, unguarded, guarded } of scenarios) {
    const name = scenario.replace(COPY, "");
    const numbers = [guarded.recorded, delivered(unguarded), delivered(guarded)];
    rows.set(`${name} ${numbers.join().replace(/\d+ ms/g, "")}`, [name, hazard, ...numbers]);
  }
  return [...rows.values()];
}

/** How far a run is from delivering every value once, as a share of what was recorded. */
function wrongness({ unguarded: { recorded, delivered, distinct } }) {
  return (recorded - distinct + (delivered - distinct)) / recorded;
}

function worstOf(scenarios) {
  return scenarios.reduce((worst, scenario) => (wrongness(scenario) > wrongness(worst) ? scenario : worst));
}

function table(headings, alignments, rows) {
  return [headings, alignments, ...rows].map((cells) => `| ${cells.join(" | ")} |\n`).join("");
}

/** One row for each client, by kind: its hazards, and the scenario that goes worst without the guard. */
export function clientsTable(clients) {
  const rows = Object.entries(KINDS).flatMap(([kind, modules]) => [
    [`**${kind}**`, "", "", "", "", "", ""],
    ...clientRows(modules.map((name) => clients.find(({ module }) => module === name))),
  ]);
  const headings = ["client", "versions", "hazards", "for example", "recorded", "unguarded", "guarded"];
  return table(headings, ["---", "---", "---", "---", "--:", "--:", "--:"], rows);
}

function clientRows(clients) {
  return clients.map(({ module, range, proven, scenarios }) => {
    const { scenario, unguarded, guarded } = worstOf(scenarios);
    const versions = `${range.replaceAll("||", "or")} (${proven} proven)`;
    const hazards = [...new Set(scenarios.map(({ hazard }) => hazard))].join(", ");
    const name = scenario.replace(COPY, "");
    return [module, versions, hazards, name, guarded.recorded, delivered(unguarded), delivered(guarded)];
  });
}

/** The same for a few, without what only the whole table has. */
function shownTable(clients) {
  const rows = clients.map(({ module, scenarios }) => {
    const { scenario, unguarded, guarded } = worstOf(scenarios);
    return [module, scenario.replace(COPY, ""), guarded.recorded, delivered(unguarded), delivered(guarded)];
  });
  return table(
    ["client", "for example", "recorded", "unguarded", "guarded"],
    ["---", "---", "--:", "--:", "--:"],
    rows,
  );
}

/** One row for each scenario. */
export function scenariosTable(clients) {
  const rows = clients.flatMap(({ module, installed, scenarios }) =>
    rowsOf(scenarios).map((row, index) => [index === 0 ? `${module} ${installed}` : "", ...row]),
  );
  const headings = ["client", "what happens", "hazard", "recorded", "unguarded", "guarded"];
  return table(headings, ["---", "---", "---", "--:", "--:", "--:"], rows);
}

/** Those that send by a guarded class of another package. */
function coveredTable(clients) {
  const rows = clients.map(({ module, version, recorded, unguarded, guarded }) => [
    `${module} ${version}`,
    recorded,
    delivered(unguarded),
    delivered(guarded),
  ]);
  return table(["client", "recorded", "unguarded", "guarded"], ["---", "--:", "--:", "--:"], rows);
}

/** A page with these tables between its marks. */
function withTables(page, tables) {
  return readFileSync(page, "utf8").replace(
    /(<!-- (\w+) -->\n)[\s\S]*?(<!-- \/\2 -->)/g,
    (_, begin, name, end) => `${begin}\n${tables[name]}\n${end}`,
  );
}

/** The pages that have tables, with those of what was last verified. */
export function pagesWithTables() {
  const verified = JSON.parse(readFileSync(VERIFIED, "utf8"));
  const matrix = JSON.parse(readFileSync(MATRIX, "utf8"));
  const clients = targets.map(({ module, load }) => {
    const measured = verified.targets.find((target) => target.module === module);
    const proven = matrix.entries.filter((entry) => entry.module === module && entry.proof).length;
    return { ...measured, module, range: rangeOf(load()), proven };
  });
  const covered = coveredTable(JSON.parse(readFileSync(COVERED, "utf8")));
  const shown = clients.filter(({ module }) => SHOWN.includes(module));
  return [
    { page: README, text: withTables(README, { shown: shownTable(shown) }) },
    {
      page: CLIENTS,
      text: withTables(CLIENTS, { clients: clientsTable(clients), covered, scenarios: scenariosTable(clients) }),
    },
  ];
}

/** The clients that the table has a place for. */
export const placed = Object.values(KINDS).flat();

// `flushguard verify --json | node test/readme/table.mjs` writes what was verified, and the pages.
if (import.meta.url === pathToFileURL(process.argv[1] ?? "").href) {
  const { node, targets: measured } = JSON.parse(readFileSync(0, "utf8"));
  const { error } =
    measured
      .flatMap(({ scenarios }) => scenarios)
      .flatMap(({ unguarded, guarded }) => [unguarded, guarded])
      .find((run) => run.error) ?? {};
  if (error) throw new Error(`a scenario has no figures: ${error}`);
  writeFileSync(VERIFIED, `${JSON.stringify({ node, targets: measured }, null, 2)}\n`);
  for (const { page, text } of pagesWithTables()) writeFileSync(page, text);
}
