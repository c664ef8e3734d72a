import { readdirSync } from "node:fs";
import { join, resolve } from "node:path";
import { Clock, installClock } from "../random/clock.mjs";
import { engineOf } from "../random/engine.mjs";
import { observe } from "./observe.mjs";

// Prints, as JSON, what became of each program without the guard and with it.
const folder = join(import.meta.dirname, "programs");
const subjects = await Promise.all(
  readdirSync(folder).map(async (file) => {
    const { programs } = await import(join(folder, file));
    return { subject: file.replace(".mjs", ""), programs };
  }),
);
installClock();
const guard = await engineOf(resolve(process.argv[2] ?? join(import.meta.dirname, "../../../dist")));
setImmediate(() => {
  const clock = new Clock();
  const results = subjects.flatMap(({ subject, programs }) =>
    programs.map(({ run, ...program }) => ({
      subject,
      ...program,
      without: observe(run),
      guarded: observe(run, guard, clock),
    })),
  );
  process.stdout.write(JSON.stringify(results));
});
