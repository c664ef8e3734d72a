import { describe, expect, test } from "vitest";
import { result } from "../guard/child.js";

const app = JSON.stringify(new URL("./app.mjs", import.meta.url).href);
const register = new URL("../../dist/register.js", import.meta.url).href;

interface Report {
  functions: number;
  print: string;
  after: string;
  results: Record<string, number>;
  found: string[];
}

const report = `import { writeSync } from "node:fs";
const { report } = await import(${app});
writeSync(1, JSON.stringify(await report()));
process.exit(0);`;

const everything = {
  "dd-trace": 100,
  "@aws-lambda-powertools/metrics": 100,
  "@tryghost/metrics": 100,
  "prom-client": 100,
};

describe("clients with nothing to guard, together in one process with one that is guarded", () => {
  test("have the same functions under the preload as without it, and lose nothing", async () => {
    const unguarded = await result<Report>(report, [], { FLUSHGUARD: "off" });
    const guarded = await result<Report>(report, ["--import", register]);
    expect(unguarded.found).toEqual([]);
    expect(guarded.found).toEqual(["hot-shots"]);
    expect(guarded.functions).toBeGreaterThan(300);
    expect(guarded).toEqual({ ...unguarded, found: ["hot-shots"] });
    expect(guarded.results).toEqual(everything);
  });

  test("keep the identical function references when the guard comes and goes", async () => {
    const counted = await result<Record<"functions" | "enabled" | "disabled" | "guarded", number>>(`
      import { createRequire } from "node:module";
      import { writeSync } from "node:fs";
      const { allFunctions } = await import(${app});
      const { enable, disable, status } = await import(dist + "index.js");
      const require = createRequire(${app});
      const before = allFunctions();
      require("hot-shots");
      const changed = () => {
        const now = allFunctions();
        const paths = new Set([...before.keys(), ...now.keys()]);
        return [...paths].filter((path) => now.get(path) !== before.get(path)).length;
      };
      enable();
      const enabled = changed();
      const guarded = status().targets.flatMap(({ found }) => found).length;
      await disable();
      const disabled = changed();
      writeSync(1, JSON.stringify({ functions: before.size, enabled, disabled, guarded }));
      process.exit(0);`);
    expect(counted.functions).toBeGreaterThan(300);
    expect(counted).toMatchObject({ enabled: 0, disabled: 0, guarded: 1 });
  });
});
