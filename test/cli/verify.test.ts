import { describe, expect, it } from "vitest";
import { type Paint, plain } from "../../dist/src/cli/paint.js";
import { progressOn } from "../../dist/src/cli/progress.js";
import { wrap } from "../../dist/src/cli/table.js";
import { asJson, printable } from "../../dist/src/cli/verify-output.js";
import { allLossless, verifyTargets } from "../../dist/src/cli/verify-targets.js";
import { versionFrom } from "../../dist/src/packages/version-from.js";
import { proofAt } from "../../dist/src/proofs/list.js";
import type { TargetReport } from "../../dist/src/proofs/results.js";
import { directoryWith } from "../config/helpers.js";

/** A client of which the unguarded app loses what the guarded one keeps. */
const source = (module: string, beside: readonly string[]) => `
const guarded = () => process.env.FLUSHGUARD === "on";
const outcome = (recorded, delivered, distinct, violations) => ({ recorded, delivered, distinct, violations });
const scenario = (name, run) => ({ name, hazard: "lost update", run: async () => run() });
export const proof = { module: "${module}", beside: ${JSON.stringify(beside)}, scenarios: [
  scenario("loses", () => guarded() ? outcome(10, 10, 10) : outcome(10, 4, 4)),
  scenario("repeats", () => guarded() ? outcome(69, 69, 69) : outcome(69, 138, 69)),
  scenario("goes on for a while", () => guarded() ? outcome(95, 95, 95) : outcome(90, 80, 80)),
  scenario("breaks a promise", () => outcome(1, 1, 1, guarded() ? [] : ["a packet of 10889 bytes"])),
] };`;
const provable = (module: string, versions = ">=1 <3", beside: readonly string[] = []) => ({
  proof: proofAt(module, `data:text/javascript,${encodeURIComponent(source(module, beside))}`),
  targets: () => [{ module, versions, flush: ["flush"] }],
});

const cwd = directoryWith({
  "node_modules/one/package.json": '{ "version": "1.2.3" }',
  "node_modules/two/package.json": '{ "version": "3.0.0" }',
  "node_modules/@scope/four/package.json": '{ "version": "2.0.0-rc.1" }',
  "app/node_modules/two/package.json": '{ "version": "2.0.0" }',
  "app/src/index.js": "",
});

it("finds the copy that the app would load", () => {
  expect(versionFrom("one", cwd)).toBe("1.2.3");
  expect(versionFrom("two", cwd)).toBe("3.0.0");
  expect(versionFrom("two", `${cwd}/app/src`)).toBe("2.0.0");
  expect(versionFrom("@scope/four", `${cwd}/app/src`)).toBe("2.0.0-rc.1");
  expect(versionFrom("semver", cwd)).toBeUndefined();
});

it("measures what is installed and covered, and reports on the rest", async () => {
  const runs: string[] = [];
  const targets = await verifyTargets([provable("one"), provable("two"), provable("three")], {
    cwd,
    timeoutMs: 20_000,
    onRun: ({ done, of, module, scenario, guarded }) =>
      runs.push(`${done < of} ${of} ${module} ${scenario} ${guarded ? "guarded" : "unguarded"}`),
  });
  expect(targets.map(({ scenarios, ...facts }) => ({ ...facts, scenarios: scenarios.length }))).toEqual([
    { module: "one", status: "measured", installed: "1.2.3", range: ">=1 <3", scenarios: 4 },
    {
      module: "two",
      status: "not covered",
      installed: "3.0.0",
      range: ">=1 <3",
      scenarios: 0,
      reason: "version 3.0.0 is outside >=1 <3",
    },
    { module: "three", status: "not installed", scenarios: 0 },
  ]);
  expect(targets[0]?.scenarios[1]).toEqual({
    scenario: "repeats",
    hazard: "lost update",
    unguarded: { outcome: { recorded: 69, delivered: 138, distinct: 69 } },
    guarded: { outcome: { recorded: 69, delivered: 69, distinct: 69 } },
    lossless: true,
  });
  expect(allLossless(targets)).toBe(true);
  const names = ["loses", "repeats", "goes on for a while", "breaks a promise"];
  const expected = names.flatMap((name) => [`true 8 one ${name} guarded`, `true 8 one ${name} unguarded`]);
  expect(runs.toSorted()).toEqual(expected.toSorted());
  expect(printable(targets, { cwd, named: true, width: 120, paint: plain })).toContain("\nthree: not installed\n");
  expect(printable(targets, { cwd, named: false, width: 120, paint: plain })).toBe(`\
client     scenario             hazard       recorded  unguarded  guarded
one 1.2.3  loses                lost update        10          4       10  ✓
           repeats              lost update        69   138 (69)       69  ✓
           goes on for a while  lost update        95   80 of 90       95  ✓
           breaks a promise     lost update         1          1        1  ✓
    unguarded: a packet of 10889 bytes

two 3.0.0 is left as it is: version 3.0.0 is outside >=1 <3
1 other is not installed (npx flushguard verify --help names it).

4 of 4 scenarios deliver everything exactly once with the guard.
`);
});

it("does not measure a client without what its scenarios load beside it", async () => {
  const targets = await verifyTargets([provable("one", ">=1", ["two", "three"])], { cwd, timeoutMs: 20_000 });
  expect(targets).toEqual([
    {
      module: "one",
      status: "not measured",
      installed: "1.2.3",
      range: ">=1",
      reason: "its scenarios load three too, not installed here",
      scenarios: [],
    },
  ]);
  expect(allLossless(targets)).toBe(true);
  expect(printable(targets, { cwd, named: false, width: 120, paint: plain })).toBe(`\
one 1.2.3 is not measured: its scenarios load three too, not installed here

Nothing was measured.
`);
});

const whole = { outcome: { recorded: 5, delivered: 5, distinct: 5 } };
const row = { hazard: "close", unguarded: whole, guarded: whole, lossless: true } as const;
const report = (scenarios: TargetReport["scenarios"]): TargetReport[] => [
  { module: "some-client", status: "measured", installed: "1.0.0", range: "*", scenarios },
];

it("is JSON with the same facts", () => {
  const reports = report([{ ...row, scenario: "crashed", guarded: { error: "ended by SIGKILL" }, lossless: false }]);
  expect(JSON.parse(asJson(reports, cwd))).toEqual({
    format: 1,
    node: process.version,
    cwd,
    lossless: false,
    targets: [
      {
        module: "some-client",
        status: "measured",
        installed: "1.0.0",
        range: "*",
        scenarios: [
          {
            scenario: "crashed",
            hazard: "close",
            unguarded: { recorded: 5, delivered: 5, distinct: 5 },
            guarded: { error: "ended by SIGKILL" },
            lossless: false,
          },
        ],
      },
    ],
  });
});

describe("the table", () => {
  it("shows a guarded run that lost something, and one that crashed, as failed", () => {
    const failed = { ...row, lossless: false };
    const reports = report([
      { ...row, scenario: "fine" },
      { ...failed, scenario: "lost", guarded: { outcome: { ...whole.outcome, delivered: 4, distinct: 4 } } },
      { ...failed, scenario: "late", guarded: { outcome: { ...whole.outcome, violations: ["came back early"] } } },
      { ...failed, scenario: "crashed", guarded: { error: "ended by SIGKILL" } },
      { ...failed, scenario: "neither ran", unguarded: { error: "no" }, guarded: { error: "no" } },
    ]);
    expect(allLossless(reports)).toBe(false);
    expect(printable(reports, { cwd, named: false, width: 120, paint: plain })).toBe(`\
client             scenario     hazard  recorded  unguarded  guarded
some-client 1.0.0  fine         close          5          5        5  ✓
                   lost         close          5          5        4  ✗
                   late         close          5          5        5  ✗
    guarded: came back early
                   crashed      close          5          5    error  ✗
    guarded: ended by SIGKILL
                   neither ran  close          ?      error    error  ✗
    unguarded: no
    guarded: no

1 of 5 scenarios deliver everything exactly once with the guard.
`);
  });

  it.each([120, 80])("fits %i columns", (width) => {
    const long = "a scenario that takes many words to say what happens and what the app does about it meanwhile";
    const guarded = { error: `Error: ${"many words ".repeat(20)} and more` };
    const text = printable(report([{ ...row, scenario: long, guarded }]), { cwd, named: false, width, paint: plain });
    const lines = text.split("\n");
    expect(Math.max(...lines.map((line) => line.length))).toBeLessThanOrEqual(width);
    expect(text.replace(/\s+/g, " ")).toContain("meanwhile");
  });

  it("keeps an error of several lines below its row", () => {
    const guarded = { error: "Error: Cannot find module 'x'\nRequire stack:\n- /app/index.js" };
    const text = printable(report([{ ...row, scenario: "crashed", guarded }]), {
      cwd,
      named: false,
      width: 80,
      paint: plain,
    });
    expect(text).toContain(`
    guarded: Error: Cannot find module 'x'
    Require stack:
    - /app/index.js
`);
  });

  it("keeps its columns when it is painted", () => {
    const paint: Paint = (style, text) => `<${style}>${text}<>`;
    const reports = report([{ ...row, scenario: "fine" }]);
    const painted = printable(reports, { cwd, named: false, width: 120, paint });
    expect(painted).toContain("<green>✓<>");
    const stripped = painted.replaceAll("<>", "").replace(/<\w+>/g, "").replace(/ +$/gm, "");
    expect(stripped).toBe(printable(reports, { cwd, named: false, width: 120, paint: plain }));
  });

  it("breaks lines between words, and no URL or path", () => {
    expect(wrap("a bb ccc dddd", 6)).toEqual(["a bb", "ccc", "dddd"]);
    expect(wrap("abcdefgh ij", 3)).toEqual(["abcdefgh", "ij"]);
    expect(wrap("a bb ccc dddd", Number.POSITIVE_INFINITY)).toEqual(["a bb ccc dddd"]);
    expect(wrap("", 3)).toEqual([""]);
    expect(wrap("one\n\n  two three\r\nfour", 6)).toEqual(["one", "two", "three", "four"]);
  });
});

describe("progress", () => {
  const shown = (isTTY: boolean) => {
    const written: string[] = [];
    const stream = { isTTY, columns: 30, write: (text: string) => written.push(text) };
    const progress = progressOn(stream as never);
    progress.show("1/4  client: records during a flush");
    progress.clear();
    return written;
  };

  it("is one line that goes away", () => {
    expect(shown(true)).toEqual(["\r\u001b[2K1/4  client: records during a", "\r\u001b[2K"]);
  });

  it("is nothing where no one watches", () => {
    expect(shown(false)).toEqual([]);
  });
});
