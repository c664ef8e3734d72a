/**
 * Installs the versions of every target that versions.json lists, each in a folder of its own that is kept, and runs its
 * scenarios on them. Exits with 1 when a guarded run is not lossless, an unguarded one is, or a version could not be measured.
 *
 *     npm run matrix                                       all versions
 *     npm run matrix -- --only hot-shots --only librato-node
 *     npm run matrix -- --subset                           the lowest of one target, the newest of the next, and so on
 *     npm run matrix -- --out all.json                     everything that was measured, as JSON
 *
 * Without --subset it also brings result.json up to date, from which the README's table has what is proven.
 */
import { readFileSync, writeFileSync } from "node:fs";
import { parseArgs } from "../../dist/src/cli/parse-args.js";
import { UsageError } from "../../dist/src/cli/usage-error.js";
import { entriesOf } from "./lib/entries.mjs";
import { matrixTable, totals } from "./lib/print.mjs";
import { prove, summary, whole } from "./lib/prove.mjs";

/** Each runs two scenarios at a time. */
const AT_ONCE = 2;
const RESULT = new URL("result.json", import.meta.url);

/** What the arguments ask for; wrong ones end the process. */
function asked() {
  try {
    const { values } = parseArgs({
      options: {
        only: { type: "string", multiple: true, default: [] },
        subset: { type: "boolean", default: false },
        out: { type: "string" },
      },
    });
    return { values, entries: entriesOf(values.only, values.subset) };
  } catch (error) {
    if (!(error instanceof UsageError)) throw error;
    process.stderr.write(`matrix: ${error.message}\n`);
    process.exit(2);
  }
}

const { values, entries } = asked();
const proven = Array(entries.length);
const queue = entries.entries();
let done = 0;

/** The entries of other targets, as they were last proven, and these, in the order of versions.json. */
function keepOthers(/** @type {{ module: string, version: string }[]} */ fresh) {
  const { entries: last } = JSON.parse(readFileSync(RESULT, "utf8"));
  const ran = new Set(fresh.map(({ module }) => module));
  const known = [...fresh, ...last.filter((/** @type {{ module: string }} */ { module }) => !ran.has(module))];
  return entriesOf([], false).flatMap(
    ({ module, version }) => known.find((one) => one.module === module && one.version === version) ?? [],
  );
}

async function worker() {
  for (const [index, entry] of queue) {
    const result = await prove(entry);
    proven[index] = result;
    done++;
    const verdict = result.error ?? (whole(result) ? "✓" : "✗");
    process.stderr.write(
      `[${done}/${entries.length}] ${entry.module} ${entry.version} ${verdict} ${result.seconds} s\n`,
    );
  }
}
await Promise.all(Array.from({ length: AT_ONCE }, worker));

const proof = proven.every(whole);
console.log(`\n${matrixTable(proven, process.stdout)}\n\n${totals(proven)}\n${Math.round(performance.now() / 1000)} s`);
const run = { node: process.version, finished: new Date().toISOString(), proof };
const write = (/** @type {string | URL} */ file, /** @type {object} */ document) =>
  writeFileSync(file, `${JSON.stringify(document, null, 2)}\n`);
if (values.out !== undefined) write(values.out, { ...run, entries: proven });
if (!values.subset) write(RESULT, { node: process.version, entries: keepOthers(proven.map(summary)) });
process.exitCode = proof ? 0 : 1;
