import { execFileSync, spawnSync } from "node:child_process";
import { describe, expect, it } from "vitest";
import { directoryWith } from "../config/helpers.js";

const urlOf = (file: string) => JSON.stringify(new URL(`../../dist/${file}`, import.meta.url).href);

function run(source: string, files: Record<string, string> = {}): string {
  const options = { cwd: directoryWith(files), encoding: "utf8" } as const;
  const { status, stderr } = spawnSync(process.execPath, ["--input-type=module", "--eval", source], options);
  expect(status).toBe(0);
  return stderr;
}

describe("a build is told", () => {
  const plugin = `import { rollup } from ${urlOf("bundler.js")};`;

  it("that the plugin takes no options", () => {
    expect(run(`${plugin} rollup({ targets: [] });`)).toBe(
      'flushguard: flushguard/bundler: found {"targets":[]}, expected no options: targets are in flushguard.config.json\n',
    );
    expect(run(`${plugin} rollup();`)).toBe("");
  });

  it.each([`${plugin}rollup();`, `import ${urlOf("bundler-next.js")};`])(
    "what is wrong with its targets: %s",
    (source) => {
      expect(run(source, { "flushguard.config.json": '{"target":[]}' })).toContain('expected "targets"');
      expect(run(source)).toBe("");
    },
  );
});

describe("a configuration of Next's is kept", () => {
  const keys = (config: string) => {
    const source = `import { withFlushguard } from ${urlOf("bundler-next.js")};
const given = withFlushguard(${config});
const made = await (typeof given === "function" ? given("phase", { defaultConfig: { a: 1 } }) : given);
console.log(JSON.stringify([typeof given, made.output, typeof made.webpack, made.about, Object.keys(made.turbopack)]));`;
    return JSON.parse(
      execFileSync(process.execPath, ["--input-type=module", "--eval", source]).toString(),
    ) as unknown[];
  };

  it.each([
    ["as an object", '{ output: "standalone" }', ["object", "standalone", "function", null, ["rules"]]],
    [
      "as a promise",
      'Promise.resolve({ output: "standalone" })',
      ["object", "standalone", "function", null, ["rules"]],
    ],
    [
      "that a function makes",
      '(phase, { defaultConfig }) => ({ output: "standalone", about: [phase, defaultConfig.a] })',
      ["function", "standalone", "function", ["phase", 1], ["rules"]],
    ],
    [
      "that an async function makes",
      'async (phase) => ({ output: "standalone", about: phase })',
      ["function", "standalone", "function", "phase", ["rules"]],
    ],
    ["that is none", "", ["object", null, "function", null, ["rules"]]],
  ])("%s", (_, config, expected) => {
    expect(keys(config)).toEqual(expected);
  });
});
