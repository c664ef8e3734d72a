import { installClock } from "./clock.mjs";
import { count } from "./count.mjs";
import { faults, faultyGuard } from "./faults.mjs";

// Prints, as JSON, how often each kind of finding is made under each faulty guard.
const [, , runs] = process.argv;
installClock();
setImmediate(() => {
  const found = Object.entries(faults).map(([name, fault]) => {
    const { worse } = count(faultyGuard(fault), 1, Number(runs)).counts;
    return [name, Object.fromEntries(Object.entries(worse).map(([kind, { all }]) => [kind, all]))];
  });
  process.stdout.write(JSON.stringify(Object.fromEntries(found)));
});
