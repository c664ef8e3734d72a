import { execFile } from "node:child_process";
import { fileURLToPath, pathToFileURL } from "node:url";
import { promisify } from "node:util";
import { describe, expect, it } from "vitest";

interface Totals {
  recorded: Record<string, number>;
  delivered: Record<string, number>;
  buffered: Record<string, unknown>;
  violations: string[];
}

const run = promisify(execFile);
const root = fileURLToPath(new URL("../../", import.meta.url));
const app = `${root}test/arroyo/app.mjs`;
const register = pathToFileURL(`${root}dist/register.js`).href;

/** The promises of the source documents' test suites, by the names they have there. */
const named = [
  "concurrent flush and increment (10 × 100)",
  "concurrent timer and flush",
  "all metrics eventually sent",
  "flush clears buffers",
  "lock per instance",
];

/** Runs a scenario in an app of its own. */
async function totals(client: string, scenario: string, cwd: string, preload: string[], config?: string) {
  const env = { ...process.env, ...(config === undefined ? {} : { FLUSHGUARD_CONFIG: config }) };
  const { stdout } = await run(process.execPath, [...preload, app, client, scenario], { cwd, env, timeout: 30_000 });
  return JSON.parse(stdout) as Totals;
}

function describeClient(name: string, client: string, cwd: string, scenarios: string[], config?: string): void {
  describe(name, () => {
    it.for(scenarios)("%s", async (scenario) => {
      const unguarded = await totals(client, scenario, cwd, []);
      expect(unguarded.delivered, "without the guard the client loses or repeats").not.toEqual(unguarded.recorded);

      const guarded = await totals(client, scenario, cwd, ["--import", register], config);
      expect(guarded).toEqual({
        recorded: guarded.recorded,
        delivered: guarded.recorded,
        buffered: {},
        violations: [],
      });
    });
  });
}

describeClient(
  "arroyo-metrics-buffer, a target of the user's",
  "arroyo",
  `${root}test/fixtures`,
  [...named, "flush from inside incr, at most once a second", "stuck detector while the main loop is stalled"],
  `${root}test/arroyo/flushguard.config.json`,
);

describeClient("aws-embedded-metrics", "aws", root, named);
