import { join, resolve } from "node:path";
import { Clock, installClock } from "../random/clock.mjs";
import { engineOf } from "../random/engine.mjs";
import { observe } from "./observe.mjs";
import { writtenPrograms } from "./programs.mjs";

// Prints, as JSON, what became of each program without the guard and with it.
const programs = await writtenPrograms();
installClock();
const guard = await engineOf(resolve(process.argv[2] ?? join(import.meta.dirname, "../../../dist")));
setImmediate(() => {
  const clock = new Clock();
  const results = programs.map(({ run, ...program }) => ({
    ...program,
    without: observe(run),
    guarded: observe(run, guard, clock),
  }));
  process.stdout.write(JSON.stringify(results));
});
