import { tmpdir } from "node:os";
import { CLI, nodes } from "../lib/paths.mjs";
import { print, ratio } from "../lib/print.mjs";
import { alternated } from "../lib/spawned.mjs";
import { median } from "../lib/statistics.mjs";

const ROUNDS = 30;
const ARGUMENTS = ["--help", "--version"];

/** How long the command takes to say what it is, beside a Node that does nothing. */
export async function commandLine() {
  const rows = nodes().flatMap(({ name, binary }) => {
    const commands = [[binary, "-e", "0"], ...ARGUMENTS.map((argument) => [binary, CLI, argument])];
    const [nothing = [], ...took] = alternated(commands, tmpdir(), ROUNDS);
    return took.map((all, index) => [
      `${name}, flushguard ${ARGUMENTS[index]}`,
      ...[nothing, all].map((runs) => median(runs.map(({ ms }) => ms)).toFixed(1)),
      ratio(median(all.map(({ ms }, round) => ms / (nothing[round]?.ms ?? Number.NaN)))),
    ]);
  });
  print("Command line ÷ node -e 0, at most 1.15", ["", "node -e 0 ms", "flushguard ms", "ratio"], rows);
}
