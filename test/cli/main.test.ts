import { spawnSync } from "node:child_process";
import { closeSync, existsSync, openSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { targets } from "../../dist/src/targets/list.js";
import { directoryWith } from "../config/helpers.js";
import { install } from "../doctor/packages.js";
import { cli, MAIN } from "./cli.js";

const KNOWN = targets.map(({ module }) => module);

const empty = directoryWith({});

describe("wrong arguments", () => {
  it.each([
    [[], "expected a command: "],
    [["nope"], 'unknown command "nope", expected one of '],
    [["constructor"], 'unknown command "constructor", expected one of '],
    [["--nope"], "Unknown option '--nope'"],
    [["help", "verify", "scan"], "expected one command behind help"],
    [["verfy"], 'unknown command "verfy" (did you mean "verify"?), expected one of '],
    [["--versoin"], "Unknown option '--versoin' (did you mean \"--version\"?)"],
  ])("%j: one line, exit code 2", (args, line) => {
    const stderr = expect.stringMatching(/^flushguard: (.*) \(see flushguard --help\)\n$/);
    const result = cli(args, empty);
    expect(result).toEqual({ status: 2, stdout: "", stderr });
    expect(result.stderr).toContain(line);
  });

  it.each([
    [["verify", "--nope"], "Unknown option '--nope'"],
    [["verify", "--jsn"], "Unknown option '--jsn' (did you mean \"--json\"?)"],
    [["verify", "--json=3"], "Option '--json' does not take an argument"],
    [["verify", "hotshots"], 'unknown target "hotshots" (did you mean "hot-shots"?)'],
    [
      ["verify", "prom-client"],
      "prom-client loses no values during a flush, but those of other processes: flushguard reproduce shows that",
    ],
    [["verify", "statsd"], 'unknown target "statsd" (did you mean "statsd-client"?)'],
    [["verify", "--rep"], "Unknown option '--rep' (did you mean \"--report\"?)"],
    [
      ["verify", "sdk-trace"],
      'unknown target "sdk-trace" (did you mean "@opentelemetry/sdk-trace" or "@opentelemetry/sdk-trace-base"?)',
    ],
    [["verify", "sentry"], 'unknown target "sentry" (did you mean "@sentry/core"?)'],
    [["verify", "ho"], 'unknown target "ho"'],
    [["verify", "hot-shots", ""], 'unknown target ""'],
  ])("%j: one line that points to the command's own help, exit code 2", (args, line) => {
    expect(cli(args, empty)).toEqual({
      status: 2,
      stdout: "",
      stderr: `flushguard: ${line} (see flushguard ${args[0]} --help)\n`,
    });
  });
});

it("a package that sends by a client: its line names that one", () => {
  const peerDependencies = { "@opentelemetry/sdk-trace-base": "^2", "@opentelemetry/api": "^1" };
  const installed = directoryWith({ "node_modules/@acme/tracing/package.json": JSON.stringify({ peerDependencies }) });
  const named = '"@acme/tracing"; it depends on @opentelemetry/sdk-trace-base, which can be verified';
  expect(cli(["verify", "@acme/tracing"], installed)).toEqual({
    status: 2,
    stdout: "",
    stderr: `flushguard: unknown target ${named} (see flushguard verify --help)\n`,
  });
});

const commands = [...cli(["--help"], empty).stdout.matchAll(/^ {2}([\w-]+) {2,}\S/gm)].map(
  ([, name]) => name as string,
);

it.each([
  ["--help"],
  ["-h"],
  ...commands.flatMap((name) => [
    [name, "--help"],
    [name, "-h"],
  ]),
])("%s %s prints help that fits a screen", (...args) => {
  const { status, stdout, stderr } = cli(args, empty);
  expect({ status, stderr }).toEqual({ status: 0, stderr: "" });
  expect(stdout).toMatch(/^Usage: flushguard /);
  const lines = stdout.trimEnd().split("\n");
  expect(Math.max(...lines.map((line) => line.length))).toBeLessThanOrEqual(80);
  expect(lines.length).toBeLessThanOrEqual(24);
});

it.runIf(existsSync("/dev/full")).each([["--help"], ["scan", "--help"], ["scan", "--json"]])(
  "%s %s on a full disk: one line, exit code 2",
  (...args) => {
    const full = openSync("/dev/full", "w");
    try {
      const { status, stderr } = spawnSync(process.execPath, [MAIN, ...args], {
        cwd: empty,
        stdio: ["ignore", full, "pipe"],
        encoding: "utf8",
      });
      expect({ status, stderr }).toEqual({
        status: 2,
        stderr: "flushguard: cannot write to stdout: the disk is full\n",
      });
    } finally {
      closeSync(full);
    }
  },
);

it.each(["--version", "-v"])("%s prints the version", (flag) => {
  const manifest = JSON.parse(readFileSync(new URL("../../package.json", import.meta.url), "utf8"));
  expect(cli([flag], empty)).toEqual({ status: 0, stdout: `${manifest.version}\n`, stderr: "" });
});

it("answers without dashes too", () => {
  expect(cli(["version"], empty)).toEqual(cli(["--version"], empty));
  expect(cli(["help"], empty)).toEqual(cli(["--help"], empty));
  expect(cli(["help", "scan"], empty)).toEqual(cli(["scan", "--help"], empty));
  expect(cli(["help", "nope"], empty)).toMatchObject({ status: 2, stdout: "" });
});

it("has colours in a pipe where FORCE_COLOR asks for them", () => {
  const scanned = (env: NodeJS.ProcessEnv) => cli(["scan"], empty, env).stdout.includes("\u001b[");
  expect([scanned({}), scanned({ FORCE_COLOR: "1" }), scanned({ FORCE_COLOR: "0" })]).toEqual([false, true, false]);
});

it("says in one line what the system refuses", () => {
  const cwd = directoryWith({
    "package.json": "{}",
    patches: "a file where a folder has to be",
  });
  install("datadog-metrics", join(cwd, "node_modules/datadog-metrics"));
  const { status, stdout, stderr } = cli(["export-patch", "datadog-metrics"], cwd);
  expect({ status, stdout }).toEqual({ status: 2, stdout: "" });
  expect(stderr).toMatch(/^flushguard: cannot write "patches\/datadog-metrics.*: its directory is not one; .*\n$/);
});

describe("verify", () => {
  it("says so where nothing is installed", () => {
    expect(cli(["verify"], empty)).toEqual({
      status: 0,
      stdout: `None of ${KNOWN.length} clients is installed in ${empty}: nothing to verify.\n`,
      stderr: "",
    });
  });

  it("is not well where a client that was named is not verified", () => {
    expect(cli(["verify", "hot-shots"], empty)).toEqual({
      status: 1,
      stdout: `hot-shots: not installed\n\nThis client is not installed in ${empty}: nothing to verify.\n`,
      stderr: "",
    });
  });

  it("says the same as JSON", () => {
    const { status, stdout, stderr } = cli(["verify", "--json"], empty);
    expect({ status, stderr }).toEqual({ status: 0, stderr: "" });
    expect(JSON.parse(stdout)).toEqual({
      format: 1,
      node: process.version,
      cwd: empty,
      lossless: true,
      targets: KNOWN.map((module) => ({ module, status: "not installed", scenarios: [] })),
    });
  });

  it("does not measure a version that the guard does not cover", () => {
    const cwd = directoryWith({ "node_modules/datadog-metrics/package.json": '{ "version": "0.2.1" }' });
    const { status, stdout } = cli(["verify", "datadog-metrics"], cwd);
    expect(status).toBe(1);
    expect(stdout).toMatch(
      /^datadog-metrics 0\.2\.1 is left as it is: version 0\.2\.1 is outside >=\S+ <\S+\n\nNothing was measured\.\n$/,
    );
  });

  it("measures a real client: everything arrives with the guard, not without it", () => {
    const cwd = fileURLToPath(new URL("../..", import.meta.url));
    const { status, stdout, stderr } = cli(["verify", "librato-node", "--json"], cwd);
    const report = JSON.parse(stdout);
    expect(report).toMatchObject({ lossless: true, targets: [{ module: "librato-node", status: "measured" }] });
    expect(report.targets[0].scenarios.length).toBeGreaterThan(0);
    for (const { unguarded, guarded } of report.targets[0].scenarios) {
      const { recorded } = guarded;
      expect(recorded).toBeGreaterThan(0);
      expect(guarded).toMatchObject({ delivered: recorded, distinct: recorded });
      expect(unguarded.delivered).toBeLessThan(unguarded.recorded);
    }
    expect({ status, stderr }).toEqual({ status: 0, stderr: "" });
  });
});
