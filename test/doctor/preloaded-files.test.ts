import { describe, expect, it } from "vitest";
import { startsIn } from "../../dist/src/cli/doctor/starts/app-starts.js";
import { directoryWith } from "../config/helpers.js";

// A file that --import or -r names, and what else is in it beside the preload.

const LOAD = 'require("flushguard/register");\n';
const files = (code: string, name = "p.cjs", others: Record<string, string> = {}) => ({
  "package.json": JSON.stringify({ scripts: { start: `node ${name === "p.cjs" ? "-r" : "--import"} ./${name} a.js` } }),
  [name]: code,
  ...others,
});

describe("guarded, as it loads the preload whatever happens", () => {
  it.each([
    ["by a value that is kept", files(`const guard = ${LOAD}`)],
    ["in a block", files(`{\n  ${LOAD}}\n`)],
    ["first in a try", files(`try {\n  ${LOAD}} catch (error) {\n  console.error(error);\n}\n`)],
    ["in the end of one", files(`try {\n  require("x");\n} finally {\n  ${LOAD}}\n`)],
    ["behind a condition that is over", files(`if (process.env.A) {\n  console.log("a");\n}\n${LOAD}`)],
    ["behind a function that may return", files(`function f() {\n  return 1;\n}\n${LOAD}`)],
    [
      "by a require of its own",
      files(
        `import { createRequire } from "node:module";\nconst require = createRequire(import.meta.url);\n${LOAD}`,
        "p.mjs",
      ),
    ],
    [
      "among others that are waited for",
      files('await Promise.all([import("flushguard/register"), import("x")]);\n', "p.mjs"),
    ],
    ["in a file with types", files('import "flushguard/register";\nexport const a: number = 1;\n', "p.ts")],
    [
      "and speaks of FLUSHGUARD",
      files(`// FLUSHGUARD=off switches it off.\n${LOAD}process.env.FLUSHGUARD_METRICS = "otel";\n`),
    ],
    [
      "behind variables that do not switch it off",
      files(`require("dotenv").config();\n${LOAD}`, "p.cjs", { ".env": "FLUSHGUARD=on\n" }),
    ],
  ])("%s", (_, app) => {
    expect(startsIn(directoryWith(app))).toMatchObject({ preloaded: true });
  });
});

describe("cannot be told, as it may not load the preload, or not with the guard on", () => {
  it.each([
    ["a condition", files(`if (process.env.A) {\n${LOAD}}\n`)],
    ["one without braces", files(`if (process.env.A)\n${LOAD}`)],
    ["one of a value", files(`process.env.A &&\n${LOAD}`)],
    ["a case", files(`switch (process.env.A) {\ncase "a":\n${LOAD}}\n`)],
    ["a loop", files(`for (const a of process.argv)\n${LOAD}`)],
    ["a function", files(`function f() {\n${LOAD}}\n`)],
    ["an arrow function", files(`const f = () =>\n${LOAD}`)],
    ["behind what may fail in a try", files(`try {\nrequire("x");\n${LOAD}} catch {}\n`)],
    [
      "a file that is tried",
      files('try { require("./q.cjs") } catch {}\n', "p.cjs", { "q.cjs": `require("x");\n${LOAD}` }),
    ],
    ["a catch", files(`try {\nrequire("x");\n} catch {\n${LOAD}}\n`)],
    ["behind a return", files(`if (process.env.A) return;\n${LOAD}`)],
    ["behind an error", files(`if (process.env.A) throw new Error();\n${LOAD}`)],
    ["behind an exit", files(`if (process.env.A) {\nprocess.exit();\n}\n${LOAD}`)],
    ["nobody waits for it", files('import("flushguard/register");\n', "p.mjs")],
    [
      "another file, in a condition",
      files('if (process.env.A) await import("./q.mjs");\n', "p.mjs", { "q.mjs": 'import "flushguard/register";\n' }),
    ],
    [
      "in a file with types, by a call",
      files('const a: number = 1;\nif (a)\nawait import("flushguard/register");\n', "p.ts"),
    ],
    ["FLUSHGUARD is set", files(`process.env.FLUSHGUARD = "off";\n${LOAD}`)],
    [
      "it is in a file before",
      files(`require("./q.cjs");\n${LOAD}`, "p.cjs", { "q.cjs": 'process.env.FLUSHGUARD ??= "off";\n' }),
    ],
    ["variables switch it off", files(`require("dotenv").config();\n${LOAD}`, "p.cjs", { ".env": "FLUSHGUARD=off\n" })],
    [
      "variables of another name do",
      files(`require("dotenv").config({ path: "b.env" });\n${LOAD}`, "p.cjs", { "b.env": "FLUSHGUARD_TARGETS=a\n" }),
    ],
  ])("%s", (_, app) => {
    const { places, preloaded } = startsIn(directoryWith(app));
    expect({ places, preloaded }).toEqual({
      places: [{ place: "package.json scripts.start", unseen: true }],
      preloaded: false,
    });
  });
});
