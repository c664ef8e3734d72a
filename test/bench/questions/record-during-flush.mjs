import { start } from "../lib/duel.mjs";
import { ns, print, ratio } from "../lib/print.mjs";
import { median } from "../lib/statistics.mjs";

const CLIENTS = [
  ["aws-embedded-metrics", "swap"],
  ["hot-shots", "synchronous flush"],
  ["guard() on a class", "hold and replay"],
];
const SINK_MS = 500;
const BATCHES = 5;

/** Whether a record call is still one while a flush is in flight. */
export async function recordDuringFlush() {
  const rows = [];
  for (const [client, strategy] of CLIENTS) {
    const [unguarded, guarded] = await Promise.all([false, true].map((on) => measure(client, on)));
    rows.push([
      `${client}, ${strategy}`,
      ns(unguarded.idle),
      ns(unguarded.during),
      ns(guarded.idle),
      ns(guarded.during),
      ratio(guarded.during / guarded.idle),
      (guarded.slowest / 1000).toFixed(1),
    ]);
  }
  print(
    `Record call while a sink takes ${SINK_MS} ms: returns in the time of a record call`,
    ["", "unguarded idle ns", "during", "guarded idle ns", "during", "during ÷ idle", "slowest 500, µs each"],
    rows,
  );
}

/**
 * @param {string} client
 * @param {boolean} guarded
 */
async function measure(client, guarded) {
  const process = await start("record-during-flush", { guarded, args: { client, guarded, sinkMs: SINK_MS } }, 1);
  const batches = [];
  for (let i = 0; i < BATCHES; i++) batches.push(await process.batch());
  process.end();
  const of = (/** @type {string} */ key) => median(batches.map((batch) => batch[key]));
  return { idle: of("idle"), during: of("during"), slowest: of("slowest") };
}
