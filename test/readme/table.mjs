import { readFileSync, writeFileSync } from "node:fs";
import { pathToFileURL } from "node:url";
import { targets } from "../../dist/src/targets/list.js";

const README = new URL("../../README.md", import.meta.url);
const VERIFIED = new URL("verified.json", import.meta.url);
const [BEGIN, END] = ["<!-- verified -->\n", "<!-- /verified -->"];

/** `300 (100)`: 300 delivered, 100 of them different ones. */
function delivered(run) {
  if (run.error !== undefined) return "crashes";
  const repeats = run.distinct === run.delivered ? "" : ` (${run.distinct})`;
  const broken = run.violations?.length > 0 ? `<br>${run.violations.join("<br>")}` : "";
  return `${run.delivered}${repeats}${broken}`;
}

/** The scenarios of both copies of a dual package are one row where they come to the same. */
function merged(scenarios) {
  const rows = new Map();
  for (const { scenario, hazard, unguarded, guarded } of scenarios) {
    const name = scenario.replace(/ \((?:CommonJS|ES module)\)$/, "");
    const numbers = [guarded.recorded, delivered(unguarded), delivered(guarded)];
    rows.set(`${name} ${numbers.join().replace(/\d+ ms/g, "")}`, [name, hazard, ...numbers]);
  }
  return [...rows.values()];
}

/** @param {{ targets: { module: string, installed: string, scenarios: object[] }[] }} verified what `flushguard verify --json` printed */
export function tableOf(verified) {
  const lines = ["| client | what happens | hazard | recorded | unguarded | guarded |", "|---|---|---|--:|--:|--:|"];
  for (const { module, load } of targets) {
    const found = verified.targets.find((target) => target.module === module);
    for (const [index, row] of merged(found?.scenarios ?? []).entries()) {
      const range = (load().versions ?? "*").replaceAll(/([<>]=?)/g, "$1&nbsp;");
      const client = index === 0 ? `**${module}** ${found.installed}<br>${range}` : "";
      lines.push(`| ${[client, ...row].join(" | ")} |`);
    }
  }
  return `${lines.join("\n")}\n`;
}

/** README.md with the table that was last verified. */
export function readmeWithTable() {
  const readme = readFileSync(README, "utf8");
  const verified = JSON.parse(readFileSync(VERIFIED, "utf8"));
  const [before, rest] = readme.split(BEGIN);
  return `${before}${BEGIN}\n${tableOf(verified)}\n${END}${rest.split(END)[1]}`;
}

// `flushguard verify --json | node test/readme/table.mjs` writes both files.
if (import.meta.url === pathToFileURL(process.argv[1]).href) {
  const { node, targets: measured } = JSON.parse(readFileSync(0, "utf8"));
  writeFileSync(VERIFIED, `${JSON.stringify({ node, targets: measured }, null, 2)}\n`);
  writeFileSync(README, readmeWithTable());
}
