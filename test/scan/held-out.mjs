/**
 * Scans packages that were chosen by their names and read when the rules stood, and prints in how many of those that lose something
 * right is found: at first, when no rule was made for any of the lot, and now. What was missed has become rules since.
 *
 *     npm run scan:held-out
 */
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { scan } from "../../dist/src/scan/scan.js";
import { unpack } from "./packed.mjs";

/** What was read and is no loss. */
const WRONG = new Set([
  "lightstep-tracer Tracer._flushReport lost update",
  "awslogs-stream CloudWatchStream._writeLogs early return",
  "@june-so/analytics-next RemoteMetrics.flush early return",
  "winston-tcp EntryBuffer.drain re-entrancy",
  "promise-batcher Batcher._run lost update",
  "promise-batcher Batcher._runImmediately lost update",
  "@martin-kolarik/batch-queue BatchQueue.destroy close",
  "@dynatrace/openkit-js CallbackHolder.resolve re-entrancy",
  "signalfx flushPendingWSRequests re-entrancy",
  "influxdb-nodejs Client.syncQuery early return",
  "pino-postgres flushBuffer re-entrancy",
  "pino-transmit-http rawSend early return",
]);

const lots = Object.entries(JSON.parse(readFileSync(new URL("held-out.json", import.meta.url), "utf8")));
const folder = mkdtempSync(join(tmpdir(), "flushguard-held-out-"));
try {
  const all = lots.flatMap(([, packages]) => packages);
  unpack(
    folder,
    all.map((/** @type {any} */ one) => `${one.package}@${one.version}`),
  );
  const { findings } = await scan([folder], { onProgress() {} });
  const sums = { losing: 0, hit: 0, atFirst: 0, found: 0, right: 0 };
  for (const [lot, packages] of lots) {
    const names = packages.map((/** @type {any} */ one) => one.package);
    const found = findings.filter((finding) => names.includes(finding.package));
    const right = found.filter(({ package: name, method, hazard }) => !WRONG.has(`${name} ${method} ${hazard}`));
    const losing = packages.filter((/** @type {any} */ { loses }) => loses);
    const hit = losing.filter((/** @type {any} */ one) => right.some((finding) => finding.package === one.package));
    const atFirst = losing.filter((/** @type {any} */ { foundAtFirst }) => foundAtFirst);
    process.stdout.write(
      `${lot}: something right is found in ${hit.length} of ${losing.length} that lose, at first in ${atFirst.length}; ${right.length} of ${found.length} findings are right\n`,
    );
    for (const { package: name, method, hazard, place } of found)
      process.stdout.write(`  ${name} ${method} (${hazard}, ${place})\n`);
    sums.losing += losing.length;
    sums.hit += hit.length;
    sums.atFirst += atFirst.length;
    sums.found += found.length;
    sums.right += right.length;
  }
  process.stdout.write(
    `all together: ${sums.hit} of ${sums.losing} that lose, at first ${sums.atFirst}; ${sums.right} of ${sums.found} findings are right\n`,
  );
} finally {
  rmSync(folder, { recursive: true, force: true });
}
