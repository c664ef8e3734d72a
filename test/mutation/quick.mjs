import { join } from "node:path";
import { pathToFileURL } from "node:url";

// Prints, as JSON, what the written and the first random programs do: the same as their tests look at, in one short process.
const [, , root, runs] = process.argv;
const load = (path) => import(pathToFileURL(join(root, "test/guard", path)).href);
const { Clock, installClock } = await load("random/clock.mjs");
const { count } = await load("random/count.mjs");
const { engineOf } = await load("random/engine.mjs");
const { writtenPrograms } = await load("written/programs.mjs");
const { observe } = await load("written/observe.mjs");
const written = await writtenPrograms();
installClock();
const guard = await engineOf(join(root, "dist"));
setImmediate(() => {
  const clock = new Clock();
  // How long it took is looked at in no other way than by its test.
  const outcomes = written.map(({ run }) => {
    const { ms, ...outcome } = observe(run, guard, clock);
    return { ...outcome, prompt: ms < 500 };
  });
  const { worse, flaws, declined } = count(guard, 1, Number(runs)).counts;
  const worseIn = Object.values(worse).reduce((sum, { all }) => sum + all, 0);
  process.stdout.write(JSON.stringify({ outcomes, worse: worseIn, flaws, declined }));
});
