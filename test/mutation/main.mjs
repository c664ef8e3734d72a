import { createHash } from "node:crypto";
import { appendFileSync, existsSync, mkdirSync, readFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { parseArgs } from "node:util";
import { filesUnder } from "./files.mjs";
import { described, mutantsOf } from "./mutants.mjs";
import { equivalentOf, report } from "./report.mjs";
import { sampled } from "./sample.mjs";
import { copyRepository } from "./scratch.mjs";
import { Trials } from "./trials.mjs";

const USAGE = `Breaks what is built in one place at a time, in the sources that tests import and in what is published of them, and
counts how often the tests notice.

    npm run mutation -- [--sample N] [--seed N]    so many of the mutants; all without
        [--of guard|store]                         of the guard by default; of the files of several processes
        [--file PART]                              only of files whose path has this in it
        [--minutes N]                              stop after so long; the same command goes on from there
        [--out FOLDER]                             where results are kept: of another build they are made anew
        [--again]                                  try the survivors once more, after tests were added`;

/** Folders that are broken, and the folders and files of their tests. programs: whether random programs are tried first. */
const PARTS = {
  guard: { folders: ["src/guard", "src/methods", "src/patch"], tests: ["test/guard", "test/patch"], programs: true },
  store: {
    folders: ["src/multiprocess/store", "src/multiprocess/merge"],
    // Those that run in one process, and where there are no locks of the kernel: each mutant is tried on all that reach it.
    tests: [
      "pieces",
      "records",
      "store",
      "merge",
      "formats",
      "interleaved",
      "shortage",
      "entries",
      "prune",
      "without-locks",
    ].map((name) => `test/multiprocess/${name}.test.ts`),
    programs: false,
  },
};

const { values } = parseArgs({
  options: {
    sample: { type: "string" },
    seed: { type: "string", default: "1" },
    of: { type: "string", default: "guard" },
    file: { type: "string", default: "" },
    minutes: { type: "string", default: "0" },
    out: { type: "string", default: join(tmpdir(), "flushguard-mutation") },
    again: { type: "boolean", default: false },
    help: { type: "boolean", default: false },
  },
});
if (values.help) {
  console.log(USAGE);
  process.exit();
}
const part = PARTS[values.of];
if (part === undefined) {
  console.error(`--of is "${values.of}", expected ${Object.keys(PARTS).join(" or ")}`);
  process.exit(2);
}
const repository = resolve(import.meta.dirname, "../..");
const out = resolve(values.out);
const dist = join(repository, "dist");
const mutants = part.folders
  .flatMap((folder) => filesUnder(join(dist, folder), ".js").map((file) => join(folder, file)))
  .flatMap((file) => {
    const source = readFileSync(join(dist, file), "utf8");
    return mutantsOf(source).map((mutant) => ({ file, source, mutant, name: described(file, source, mutant) }));
  });
const chosen = sampled(
  mutants.filter(({ file }) => file.includes(values.file)),
  values.sample,
  Number(values.seed),
);
mkdirSync(out, { recursive: true });
const log = join(out, `${hashOf(mutants)}.jsonl`);
const done = earlier();
const until = values.minutes === "0" ? Number.POSITIVE_INFINITY : Date.now() + Number(values.minutes) * 60_000;
const left = chosen.filter(({ name }) => !done.has(name) && equivalentOf(name) === undefined);
if (left.length > 0) tryAll();
report(chosen, done);

/** What is known of mutants of this build. */
function earlier() {
  if (!existsSync(log)) return new Map();
  const lines = readFileSync(log, "utf8").trim().split("\n").filter(Boolean);
  const all = new Map(lines.map((line) => JSON.parse(line)).map(({ name, killedBy }) => [name, killedBy]));
  if (values.again) for (const [name, killedBy] of all) if (killedBy === null) all.delete(name);
  return all;
}

function tryAll() {
  const copy = join(out, "copy");
  copyRepository(repository, copy);
  const tests = part.tests.flatMap((test) =>
    test.endsWith(".ts") ? test : filesUnder(join(copy, test), ".test.ts").map((file) => join(test, file)),
  );
  const files = [...new Set(mutants.map(({ file }) => file))];
  const trials = new Trials(copy, join(out, `${hashOf(mutants)}-coverage.json`), tests, files, part.programs);
  if (!trials.prepare(until)) return;
  for (const [index, { file, source, mutant, name }] of left.entries()) {
    if (Date.now() > until) break;
    const killedBy = trials.killerOf(file, source, mutant) ?? null;
    done.set(name, killedBy);
    appendFileSync(log, `${JSON.stringify({ name, killedBy })}\n`);
    console.log(`${index + 1}/${left.length}  ${killedBy === null ? "SURVIVES" : `killed by ${killedBy}`}  ${name}`);
  }
}

/** Of the sources that are broken: results of others say nothing. */
function hashOf(all) {
  const hash = createHash("sha256");
  for (const source of new Set(all.map(({ source }) => source))) hash.update(source);
  return hash.digest("hex").slice(0, 12);
}
