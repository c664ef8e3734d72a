import { execFileSync } from "node:child_process";
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { parse } from "yaml";
import { directoryWith } from "../config/helpers.js";
import { program } from "../debian/programs.js";
import { startPrometheus } from "../multiprocess/lib/prometheus.mjs";

const RULES = fileURLToPath(new URL("../../docs/alerts.yml", import.meta.url));
const DOCS = fileURLToPath(new URL("../../docs/", import.meta.url));
const SRC = fileURLToPath(new URL("../../src/", import.meta.url));

interface Rule {
  alert: string;
  expr: string;
  for?: string;
}
const rules = (parse(readFileSync(RULES, "utf8")) as { groups: { rules: Rule[] }[] }).groups.flatMap(
  (one) => one.rules,
);
const dashboard = JSON.parse(readFileSync(new URL("../../docs/grafana.json", import.meta.url), "utf8"));
const panels = dashboard.panels as { targets: { expr: string }[]; fieldConfig: object }[];

const promtool = (...args: string[]) => execFileSync(program("promtool"), args, { encoding: "utf8" });

test("no page has rules of its own", () => {
  const pages = readdirSync(DOCS).filter((name) => name.endsWith(".md"));
  expect(pages.filter((name) => /^\s*- alert:/m.test(readFileSync(join(DOCS, name), "utf8")))).toEqual([]);
});

test("promtool has nothing to say against the rules", () => {
  expect(promtool("check", "rules", "--lint=all", "--lint-fatal", RULES)).toContain(`${rules.length} rules found`);
});

/** Values a minute apart that make an alert fire, and when. */
const FIRES: Record<string, { series: Record<string, string>; at: string; labels: Record<string, string> }> = {
  FlushguardLossesObserved: {
    series: { 'flushguard_hazards_seen_total{target="a",hazard="close"}': "0 5 5" },
    at: "2m",
    labels: { target: "a", hazard: "close" },
  },
  FlushguardManyHazards: {
    series: { 'flushguard_hazards_averted_total{target="a",hazard="close"}': "0+1200x60" },
    at: "50m",
    labels: { target: "a" },
  },
  FlushguardFlushTimeouts: {
    series: { 'flushguard_flush_timeouts_total{target="a"}': "0 1 1" },
    at: "2m",
    labels: { target: "a" },
  },
  FlushguardRecordsHeld: {
    series: { 'flushguard_records_held{target="a"}': "60000x10" },
    at: "8m",
    labels: { target: "a" },
  },
  FlushguardProcessesInMemoryOnly: {
    series: { 'flushguard_multiprocess_processes{job="j",state="memory"}': "1x10" },
    at: "8m",
    labels: { job: "j" },
  },
  FlushguardFilesLeftOut: {
    series: { 'flushguard_multiprocess_newer_files{job="j",instance="i"}': "0 1 1" },
    at: "2m",
    labels: { job: "j" },
  },
  FlushguardFilesBehind: {
    series: { 'flushguard_multiprocess_last_write_age_seconds{job="j",instance="i"}': "0+60x10" },
    at: "8m",
    labels: { job: "j" },
  },
  FlushguardTargetLost: {
    series: { 'flushguard_targets_patched{job="j",target="a"}': "1x100 _x1500" },
    at: "1505m",
    labels: { job: "j", target: "a" },
  },
};

test("every rule fires where it should, and none where nothing is wrong", () => {
  expect(Object.keys(FIRES).sort()).toEqual(rules.map(({ alert }) => alert).sort());
  const severity = new Map(
    (parse(readFileSync(RULES, "utf8")).groups[0].rules as { alert: string; labels: object }[]).map((rule) => [
      rule.alert,
      rule.labels,
    ]),
  );
  const inputs = (series: Record<string, string>) =>
    Object.entries(series).map(([name, values]) => ({ series: name, values }));
  const quiet = {
    'flushguard_hazards_seen_total{target="a",hazard="close"}': "7x1600",
    'flushguard_hazards_averted_total{target="a",hazard="close"}': "0+60x1600",
    'flushguard_flush_timeouts_total{target="a"}': "0x1600",
    'flushguard_records_held{target="a"}': "10x1600",
    'flushguard_multiprocess_processes{job="j",state="memory"}': "0x1600",
    'flushguard_multiprocess_processes{job="j",state="live"}': "4x1600",
    'flushguard_multiprocess_newer_files{job="j"}': "0x1600",
    'flushguard_multiprocess_bad_files_total{job="j"}': "3x1600",
    'flushguard_multiprocess_last_write_age_seconds{job="j"}': "1x1600",
    'flushguard_targets_patched{job="j",target="a"}': "1x1600",
  };
  const tests = [
    ...Object.entries(FIRES).map(([alertname, { series, at: eval_time, labels }]) => ({
      interval: "1m",
      input_series: inputs(series),
      alert_rule_test: [
        { eval_time, alertname, exp_alerts: [{ exp_labels: { ...labels, ...severity.get(alertname) } }] },
      ],
    })),
    {
      interval: "1m",
      input_series: inputs(quiet),
      alert_rule_test: rules.map(({ alert }) => ({ eval_time: "1500m", alertname: alert, exp_alerts: [] })),
    },
  ];
  // Only whether they fire: what they say is text.
  const silent = readFileSync(RULES, "utf8").replace(/^ {8}annotations:\n(?: {10}.*\n)+/gm, "");
  const folder = directoryWith({ "alerts.yml": silent });
  writeFileSync(join(folder, "test.yml"), JSON.stringify({ rule_files: ["alerts.yml"], tests }));
  expect(promtool("test", "rules", join(folder, "test.yml"))).toContain("SUCCESS");
});

test("a real Prometheus loads the rules and evaluates each", async () => {
  const prometheus = await startPrometheus(
    `global: { evaluation_interval: 200ms }\nrule_files: [${JSON.stringify(RULES)}]\n`,
  );
  try {
    const answer = async () => {
      const { groups } = await prometheus.rules();
      const loaded = groups.flatMap((group) => group.rules);
      return loaded.every(({ health }) => health !== "unknown") ? loaded : undefined;
    };
    let loaded: { name: string; health: string }[] | undefined;
    for (let left = 100; loaded === undefined && left > 0; left--) {
      loaded = await answer();
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
    expect(loaded?.map(({ name, health }) => [name, health])).toEqual(rules.map(({ alert }) => [alert, "ok"]));
    for (const { expr } of panels.flatMap(({ targets }) => targets)) {
      await prometheus.query(expr.replaceAll("$__rate_interval", "5m").replaceAll("$job", ".*"));
    }
  } finally {
    await prometheus.end();
  }
});

test("the panels have what Grafana's schema asks of each", () => {
  for (const { fieldConfig } of panels) expect(fieldConfig).toMatchObject({ defaults: {}, overrides: [] });
});

test("the rules and the dashboard name no metric that there is not", () => {
  const sources = readdirSync(SRC, { recursive: true, encoding: "utf8" })
    .filter((name) => name.endsWith(".ts"))
    .map((name) => readFileSync(join(SRC, name), "utf8"))
    .join()
    .replaceAll(/\$\{PREFIX\}/g, "flushguard_multiprocess_")
    .replace(/one\(\s*"(?=\w+")/g, "flushguard_multiprocess_")
    .replace(/flushguard_hazards_\$\{\w+\}_total/, "flushguard_hazards_averted_total flushguard_hazards_seen_total");
  const text = [...rules.map(({ expr }) => expr), ...panels.flatMap(({ targets }) => targets.map(({ expr }) => expr))];
  const names = new Set(text.join(" ").match(/\bflushguard_\w+/g));
  expect(names.size).toBeGreaterThan(5);
  for (const name of names) expect(sources).toContain(name.replace(/_bucket$/, ""));
});
