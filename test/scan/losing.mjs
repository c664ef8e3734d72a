/**
 * Of packages that are known to lose what is recorded, most of them measured before there was a target for any: which are guarded
 * by the preload alone, and in which the scan finds something that no label calls wrong.
 *
 *     npm run scan:losing
 */
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { satisfies } from "semver";
import { rangeOf } from "../../dist/src/packages/version-obstacle.js";
import { scan } from "../../dist/src/scan/scan.js";
import { targets } from "../../dist/src/targets/list.js";
import { unpack } from "./packed.mjs";

const read = (/** @type {string} */ name) => JSON.parse(readFileSync(new URL(name, import.meta.url), "utf8"));
/** @type {readonly { package: string, version: string, sendsBy?: readonly string[] }[]} */
const losing = read("losing.json");
/** @type {readonly { package: string, method: string, hazard: string, place: string, verdict: boolean }[]} */
const labels = read("labels.json");

const nameOf = (/** @type {string} */ named) => named.slice(0, named.lastIndexOf("@"));
const partsOf = (/** @type {(typeof losing)[number]} */ { package: name, version, sendsBy = [] }) => [
  `${name}@${version}`,
  ...sendsBy,
];

const idOf = (/** @type {{ package?: string, method: string, hazard: string, place: string }} */ one) =>
  [one.package, one.method, one.hazard, one.place].join(" ");

const isGuarded = (/** @type {string} */ named) => {
  const entry = targets.find(({ module }) => module === nameOf(named));
  return entry !== undefined && satisfies(named.slice(named.lastIndexOf("@") + 1), rangeOf(entry.load()));
};

const folder = mkdtempSync(join(tmpdir(), "flushguard-losing-"));
try {
  unpack(folder, [...new Set(losing.flatMap(partsOf))]);
  const { findings } = await scan([folder], { onProgress() {} });
  const isFound = (/** @type {string} */ named) =>
    findings.some(
      (found) =>
        `${found.package}@${found.version}` === named &&
        !labels.some((label) => !label.verdict && idOf(label) === idOf(found)),
    );
  let guarded = 0;
  let found = 0;
  for (const one of losing) {
    const parts = partsOf(one);
    const by = parts.find(isGuarded);
    const where = parts.find(isFound);
    if (by !== undefined) guarded++;
    if (where !== undefined) found++;
    process.stdout.write(
      `${parts[0]}: ${by === undefined ? "not guarded" : `guarded by ${nameOf(by)}`}, ${where === undefined ? "not found" : `found in ${nameOf(where)}`}\n`,
    );
  }
  process.stdout.write(`of ${losing.length} packages ${guarded} are guarded, and in ${found} something is found\n`);
} finally {
  rmSync(folder, { recursive: true, force: true });
}
