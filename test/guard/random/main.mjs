import { fork } from "node:child_process";
import { mkdirSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { parseArgs } from "node:util";
import { installClock } from "./clock.mjs";
import { Counts } from "./count.mjs";
import { engineOf } from "./engine.mjs";
import { printed } from "./print.mjs";
import { table } from "./table.mjs";
import { Trial } from "./trial.mjs";

const USAGE = `Random programs, each run without the guard and with it, in virtual time.

    node test/guard/random/main.mjs [--runs 20000] [--seed N] [--jobs 2] [--dist dist]
        [--out FOLDER [--examples 3] [--kind KIND]]   the smallest programs with a finding, to run with node
        [--json]                                      the counts, as in known.json`;

/** So many programs a process runs at a time. */
const CHUNK = 2500;

const { values } = parseArgs({
  options: {
    runs: { type: "string", default: "20000" },
    seed: { type: "string", default: String(Date.now() % 1_000_000_000) },
    jobs: { type: "string", default: "2" },
    dist: { type: "string", default: resolve(import.meta.dirname, "../../../dist") },
    out: { type: "string" },
    examples: { type: "string", default: "3" },
    kind: { type: "string" },
    json: { type: "boolean", default: false },
    help: { type: "boolean", default: false },
  },
});
if (values.help) {
  console.log(USAGE);
  process.exit();
}
const [runs, seed, jobs, examples] = [values.runs, values.seed, values.jobs, values.examples].map(Number);
/** A process that runs programs. */
class Child {
  #process = fork(join(import.meta.dirname, "count.mjs"), [values.dist], {
    stdio: ["ignore", "ignore", "pipe", "ipc"],
  });
  #said = "";
  #failed = new Promise((_, reject) => {
    this.#process.stderr.on("data", (data) => {
      this.#said = `${this.#said}${data}`.slice(-2000);
    });
    this.#process.on("exit", (code) => reject(new Error(`a process of programs ended with ${code}: ${this.#said}`)));
  });

  constructor() {
    this.#failed.catch(() => {});
  }

  count(from, runs) {
    this.#process.send({ from, runs });
    return Promise.race([new Promise((done) => this.#process.once("message", done)), this.#failed]);
  }

  end() {
    this.#process.kill();
  }
}

const counts = await countAll();
const { worse, flaws, declined } = counts;
if (values.json) console.log(JSON.stringify({ seed, runs: counts.runs, worse, flaws, declined }));
else console.log(table(counts, `--runs ${runs} --seed ${seed}`));
if (values.out !== undefined) await writeExamples(values.out);

async function countAll() {
  const all = new Counts();
  let next = seed;
  const worker = async () => {
    let child = new Child();
    while (next < seed + runs) {
      let from = next;
      next = Math.min(from + CHUNK, seed + runs);
      for (const end = next; from < end; ) {
        const result = await child.count(from, end - from);
        all.join(result.counts);
        from = result.next;
        if (from < end) {
          child.end();
          child = new Child();
        }
      }
    }
    child.end();
  };
  await Promise.all(Array.from({ length: Math.max(1, jobs) }, worker));
  return all;
}

/** Shrinks some programs of each kind, and writes them down. */
async function writeExamples(folder) {
  mkdirSync(folder, { recursive: true });
  installClock();
  const trial = new Trial(await engineOf(values.dist));
  await new Promise((turn) => setImmediate(turn));
  for (const [kind, { seeds }] of Object.entries(counts.worse)) {
    if (values.kind !== undefined && values.kind !== kind) continue;
    for (const from of seeds.slice(0, examples)) {
      await new Promise((turn) => setImmediate(() => turn(writeExample(trial, folder, kind, from))));
    }
  }
}

function writeExample(trial, folder, kind, from) {
  const program = trial.shrink(from, kind);
  if (program === undefined) return console.log(`${kind}, seed ${from}: not found again`);
  const { findings, declined } = trial.of(program);
  const file = join(resolve(folder), `${kind}-${from}.mjs`);
  const title = [
    ...findings.map(({ kind: what, detail }) => `${what}: ${detail}`),
    ...(declined === undefined ? [] : [`declined: ${declined}`]),
    `Run with --guard, and without. Seed ${from}.`,
  ];
  writeFileSync(file, printed(program, title, resolve(values.dist, "src/index.js")));
  console.log(`${kind}: ${findings.find((found) => found.kind === kind)?.detail}\n    ${file}`);
}
