/** Asks for the lock to fold, in one of several ways, and prints whether it got it. */
import { once } from "node:events";
import { Worker } from "node:worker_threads";

/** @type {{ directory: string, scenario: string }} */
const { directory, scenario } = JSON.parse(process.argv[2] ?? "");
const locking = new URL("../../../dist/src/multiprocess/merge/fold-lock.js", import.meta.url).href;
/** @type {typeof import("../../../src/multiprocess/merge/fold-lock.js")} */
const { takeFoldLock } = await import(locking);

/** Takes it and gives it back at once. */
function isFree() {
  const lock = takeFoldLock(directory);
  lock?.release();
  return lock !== undefined;
}

/** The same in another thread. */
async function isFreeForThread() {
  const code = `import(${JSON.stringify(locking)}).then(({ takeFoldLock }) => {
    const lock = takeFoldLock(${JSON.stringify(directory)});
    lock?.release();
    require("node:worker_threads").parentPort.postMessage(lock !== undefined);
  });`;
  const [free] = await once(new Worker(code, { eval: true }), "message");
  return free;
}

/** @type {Record<string, () => Promise<unknown>>} */
const scenarios = {
  async try() {
    return isFree();
  },
  async threads() {
    const lock = takeFoldLock(directory);
    const held = [isFree(), await isFreeForThread()];
    lock?.release();
    return { held, released: [isFree(), await isFreeForThread()] };
  },
  /** Keeps it until its input ends. */
  async hold() {
    const lock = takeFoldLock(directory);
    process.stdin.resume().on("end", () => lock?.release());
    return lock !== undefined;
  },
};

process.stdout.write(JSON.stringify(await scenarios[scenario]?.()));
