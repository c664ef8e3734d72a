/** Runs something for long: `npm run soak -- NAME [--minutes N]`. */

/** @type {Readonly<Record<string, string>>} */
const RUNS = { clients: "./soak/main.mjs", multiprocess: "./multiprocess/runs/soak.mjs" };

const [name = ""] = process.argv.splice(2, 1);
const run = RUNS[name];
if (run === undefined) {
  console.error(`the first argument is "${name}", expected ${Object.keys(RUNS).join(" or ")}`);
  process.exit(2);
}
await import(run);
