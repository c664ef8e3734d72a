/**
 * Scans what is installed here and prints how fast that was, how much of what was found is right by the labels, and in how many
 * of the clients that are guarded something was found.
 *
 *     npm run scan:figures
 */
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { scan } from "../../dist/src/scan/scan.js";
import { targets } from "../../dist/src/targets/list.js";

const MODULES = fileURLToPath(new URL("../../node_modules", import.meta.url));
/** Where a client sends by a package of its own. */
const SENDS_BY = /** @type {Record<string, string>} */ ({ "@logtail/node": "@logtail/tools" });

const idOf = (/** @type {{ package?: string, method: string, hazard: string, place: string }} */ one) =>
  [one.package, one.method, one.hazard, one.place].join(" ");

const labels = JSON.parse(readFileSync(new URL("labels.json", import.meta.url), "utf8"));
const right = new Set(labels.filter((/** @type {{ verdict: boolean }} */ { verdict }) => verdict).map(idOf));

const before = process.cpuUsage();
const { files, findings } = await scan([MODULES], { onProgress() {} });
const { user, system } = process.cpuUsage(before);
const seconds = (user + system) / 1e6;

const found = new Map(findings.map((finding) => [idOf(finding), finding.package]));
const confirmed = [...found.keys()].filter((id) => right.has(id));
const packages = new Set(confirmed.map((id) => found.get(id)));
const clients = targets.map(({ module }) => module);
const missed = clients.filter((module) => !packages.has(SENDS_BY[module] ?? module));

process.stdout.write(`${files} files in ${seconds.toFixed(1)} s of one core: ${Math.round(files / seconds)} a second
${confirmed.length} of ${found.size} findings are right
something is found in ${clients.length - missed.length} of ${clients.length} clients; not in ${missed.join(", ")}
`);
