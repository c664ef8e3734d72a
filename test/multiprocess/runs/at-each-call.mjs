/**
 * A process that is killed, or refused by the disk, at each of its system calls while it writes, lays out its file, ends or
 * folds, with a reader that scrapes at that call, and another process afterwards: trials in which a counter fell, totals that
 * were wrong, files that were condemned, files that nobody removed.
 *
 *     node test/multiprocess/runs/at-each-call.mjs
 */
import { print } from "../../bench/lib/print.mjs";
import { runAtEachCall } from "../lib/at-each-call.mjs";

const rows = await runAtEachCall();
print(
  "A process at each of whose system calls something happens to it",
  ["", "what happens", "trials", "fell", "wrong", "condemned", "left"],
  rows.map(({ act, fate, runs, fell, wrong, condemned, left }) => [
    act,
    fate,
    ...[runs, fell, wrong, condemned, left].map(String),
  ]),
);
