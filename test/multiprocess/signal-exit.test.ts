import { expect, test } from "vitest";
import { run } from "../guard/child.js";
import { folder, samples } from "./in-process.js";
import { launch } from "./lib/run.mjs";

const from = (file: string) =>
  `createRequire(${JSON.stringify(new URL(`../fixtures/drain/${file}`, import.meta.url).href)})`;

const WAYS = [
  ["ends by itself", "", 0],
  ["exits", "process.exit(7);", 7],
  ["throws", "throw new Error('x');", 1],
  ["ends itself by a signal", "setTimeout(() => {}, 5000); process.kill(process.pid, 'SIGTERM');", -1],
] as const;

const CASES = ["signal-exit-3", "signal-exit-4"].flatMap((library) =>
  ["before", "after"].flatMap((when) => WAYS.map((way) => [library, when, ...way] as const)),
);

test.each(CASES)(
  "what a callback of %s records, loaded %s the client, is there when a process %s",
  async (library, when, _, end, code) => {
    const directory = folder();
    const load = `const loaded = ${from("held.mjs")}(${JSON.stringify(library)});`;
    const client = 'const { Counter } = require("prom-client");';
    const app = `import { createRequire } from "node:module";
      const require = createRequire(${JSON.stringify(import.meta.url)});
      ${when === "before" ? load + client : client + load}
      const jobs = new Counter({ name: "jobs_total", help: "Jobs." });
      jobs.inc(1);
      setTimeout(() => {
        (loaded.onExit ?? loaded)(() => jobs.inc(4));
        jobs.inc(2);
        ${end}
      }, 40);`;
    const { flags, env } = launch({ guarded: true, directory });
    expect((await run(app, flags, env)).code).toBe(code);
    expect(await samples(directory)).toEqual({ jobs_total: 7 });
  },
);
