import { setTimeout as sleep } from "node:timers/promises";
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import fc from "fast-check";
import { Clock, installClock } from "./clock.mjs";
import { engineOf } from "./engine.mjs";
import { forgetSources, play } from "./play.mjs";
import { programs } from "./steps.mjs";

// Prints, as JSON, what is left of programs after a collection: clients, and bytes for each program more.
const [, , dist, runs] = process.argv;
setFlagsFromString("--expose-gc");
const gc = runInNewContext("gc");
installClock();
const guard = await engineOf(dist);
process.stdout.write(JSON.stringify({ without: await leftOf(undefined), guarded: await leftOf(guard) }));

async function leftOf(engine) {
  const clock = new Clock();
  const clients = [];
  const some = (from) =>
    new Promise((resolve) => {
      setImmediate(() => {
        for (let seed = from; seed < from + Number(runs); seed++) {
          const [program] = fc.sample(programs, { seed, numRuns: 1 });
          clients.push(...play(program, engine, engine === undefined ? new Clock() : clock).clients);
        }
        // It has the last program.
        clock.uncaught = undefined;
        resolve();
      });
    });
  // What is compiled and made once belongs to no program.
  for (let warmUp = 0; warmUp < 3; warmUp++) await some(1);
  const before = await heap();
  clients.splice(0);
  await some(1);
  const bytes = (await heap()) - before;
  return {
    clients: clients.filter((client) => client.deref() !== undefined).length,
    bytesEach: Math.round(bytes / Number(runs)),
  };
}

async function heap() {
  forgetSources();
  for (let i = 0; i < 5; i++) {
    await sleep(1);
    gc();
  }
  return process.memoryUsage().heapUsed;
}
