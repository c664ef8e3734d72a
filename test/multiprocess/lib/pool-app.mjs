/** Has a pool of worker threads, or processes, do jobs of one increment each. Prints what a scrape of the main thread shows. */
import { createRequire } from "node:module";
import { fileURLToPath } from "node:url";

/** @typedef {{ client: string, pool: string, path: string, jobs: number, options?: object }} Options */

/** @type {Options} */
const { client, pool, path, jobs, options = {} } = JSON.parse(process.argv[2] ?? "");
const file = fileURLToPath(new URL("./pool-job.cjs", import.meta.url));
const { register } = createRequire(import.meta.url)(client);
const require = createRequire(import.meta.url);

/** @type {Record<string, () => Promise<[run: () => Promise<unknown>, end: () => Promise<unknown>]>>} */
const pools = {
  async piscina() {
    const { Piscina } = require(path);
    const threads = new Piscina({ filename: file, maxThreads: 2, workerData: { client }, ...options });
    return [() => threads.run(null), () => threads.destroy()];
  },
  async tinypool() {
    const { Tinypool } = await import(require.resolve(path));
    // It gives processes none of the variables of its own.
    const { env } = process;
    const workers = new Tinypool({ filename: file, maxThreads: 2, workerData: { client }, env, ...options });
    return [() => workers.run(null), () => workers.destroy()];
  },
  async workerpool() {
    const workerThreadOpts = { workerData: { client } };
    // It gives processes none of the flags of its own, so the preload goes by hand.
    const forkOpts = { execArgv: process.execArgv };
    const workers = require(path).pool(file, { maxWorkers: 2, workerThreadOpts, forkOpts, ...options });
    return [() => workers.exec("job", []), () => workers.terminate(true)];
  },
};

const [run, end] = await /** @type {() => ReturnType<pools[string]>} */ (pools[pool])();
for (let done = 0; done < jobs; done += 20) await Promise.all(Array.from({ length: 20 }, run));
const delivered = async () => Number(/^jobs_total (\d+)$/m.exec(await register.metrics())?.[1] ?? 0);
const atLastResult = await delivered();
await end();
process.stdout.write(`${JSON.stringify({ recorded: jobs, atLastResult, ended: await delivered() })}\n`);
process.exit();
