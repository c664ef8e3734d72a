/**
 * prom-client under pm2 in cluster mode: instances are killed and reloaded while whichever answers is scraped.
 *
 *     node test/multiprocess/runs/pm2.mjs [package] [seconds]
 */
import { print } from "../../bench/lib/print.mjs";
import { runPm2 } from "../lib/pm2.mjs";

const [client = "prom-client", seconds = "10"] = process.argv.slice(2);

/** @param {boolean} guarded */
async function row(guarded) {
  const seen = await runPm2(client, guarded, Number(seconds));
  const { kills, reloads, scrapes, failed, backwards, recorded, shown } = seen;
  const numbers = [kills, reloads, scrapes, failed, backwards, recorded].map(String);
  return [guarded ? "guarded" : "today", ...numbers, [...new Set(shown)].join(", ")];
}

print(
  `${client} under pm2, cluster mode, 4 instances`,
  ["", "kills", "reloads", "scrapes", "failed", "backwards", "recorded", "shown by 8 scrapes at the end"],
  [await row(false), await row(true)],
  ["failed: the instance that answered was killed before it had"],
);
