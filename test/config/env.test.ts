import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, it, vi } from "vitest";
import { loadConfig, unknownTargets } from "../../dist/src/config/index.js";
import { isOff } from "../../dist/src/config/switch.js";
import { VARIABLES } from "../../dist/src/config/variables.js";
import { directoryWith } from "./helpers.js";

const empty = directoryWith({});
const load = (env: Record<string, string>) => loadConfig(env, empty);

const DEFAULTS = {
  enabled: true,
  observe: false,
  targets: { only: undefined, except: [] },
  metrics: [],
  logLevel: "warn",
  flushTimeoutMs: 30_000,
  maxHeld: 100_000,
  multiprocess: undefined,
  drain: undefined,
  drainTimeoutMs: 5_000,
  userTargets: [],
  problems: [],
};

it("has defaults where nothing is set", () => {
  expect(load({})).toStrictEqual(DEFAULTS);
});

it.each(["", " "])("takes an empty variable (%j) for one that is not set, without a word", (empty) => {
  const env = Object.fromEntries(VARIABLES.map((name) => [name, empty]));
  expect(load(env)).toStrictEqual(DEFAULTS);
});

it("is frozen throughout", () => {
  const directory = directoryWith({
    "flushguard.config.json":
      '{ "targets": [{ "module": "a", "record": ["r"], "flush": ["f"], "buffers": { "b": "sum" } }] }',
  });
  const config = loadConfig({ FLUSHGUARD_TARGETS: "a" }, directory);
  const unfrozen = (value: unknown): unknown[] => {
    if (typeof value !== "object" || value === null) return [];
    return [...(Object.isFrozen(value) ? [] : [value]), ...Object.values(value).flatMap(unfrozen)];
  };
  expect(config.userTargets).toHaveLength(1);
  expect(unfrozen(config)).toEqual([]);
});

describe("FLUSHGUARD", () => {
  it.each(["0", "false", "no", "off", "OFF", " False ", "No"])("%j means off", (value) => {
    expect(isOff(value)).toBe(true);
    expect(load({ FLUSHGUARD: value }).enabled).toBe(false);
  });

  it.each([undefined, "", "1", "true", "yes", "on", "On"])("%j means on, without a word", (value) => {
    expect(isOff(value)).toBe(false);
    expect(load(value === undefined ? {} : { FLUSHGUARD: value })).toStrictEqual(DEFAULTS);
  });

  it.each(["observe", " Observe "])("%j means on, to observe only", (value) => {
    expect(isOff(value)).toBe(false);
    expect(load({ FLUSHGUARD: value })).toStrictEqual({ ...DEFAULTS, observe: true });
  });

  it("means on and says so when it is neither", () => {
    const { enabled, problems } = load({ FLUSHGUARD: "maybe" });
    expect(enabled).toBe(true);
    expect(problems).toEqual(['FLUSHGUARD: found "maybe", expected on, observe or off; using on']);
  });

  it("off looks at nothing else", () => {
    const directory = directoryWith({ "flushguard.config.json": "not JSON" });
    const config = loadConfig({ FLUSHGUARD: "off", FLUSHGUARD_LOG: "x", FLUSHGUARD_MAX_HELD: "x" }, directory);
    expect(config).toStrictEqual({ ...DEFAULTS, enabled: false });
  });
});

describe("FLUSHGUARD_TARGETS", () => {
  it.each([
    ["a,b", { only: ["a", "b"], except: [] }],
    [" a , @s/b ,, a", { only: ["a", "@s/b"], except: [] }],
    ["-a,-b", { only: undefined, except: ["a", "b"] }],
    ["- a", { only: undefined, except: ["a"] }],
  ])("%j is understood", (value, targets) => {
    const config = load({ FLUSHGUARD_TARGETS: value });
    expect(config.targets).toStrictEqual(targets);
    expect(config.problems).toEqual([]);
  });

  it.each(["a,-b", ",", "-", "-a,-"])("%j is a problem", (value) => {
    const config = load({ FLUSHGUARD_TARGETS: value });
    expect(config.targets).toStrictEqual(DEFAULTS.targets);
    expect(config.problems).toEqual([
      `FLUSHGUARD_TARGETS: found "${value}", expected names ("a,b": only these) ` +
        'or names with a minus each ("-a,-b": all but these); using every target',
    ]);
  });

  it("is judged against the targets there are", () => {
    const directory = directoryWith({
      "flushguard.config.json": '{ "targets": [{ "module": "mine", "flush": ["f"] }] }',
    });
    const known = ["hot-shots", "statsd-client"];
    const lines = (value: string) => unknownTargets(loadConfig({ FLUSHGUARD_TARGETS: value }, directory), known);
    expect(lines("hot-shots,mine")).toEqual([]);
    expect(lines("hotshots,mine")).toEqual([
      'FLUSHGUARD_TARGETS: found "hotshots", expected the name of a target (did you mean "hot-shots"?); this name is ignored',
    ]);
    expect(lines("-zzz")).toEqual([
      'FLUSHGUARD_TARGETS: found "zzz", expected the name of a target; this name is ignored',
    ]);
  });
});

describe("FLUSHGUARD_MULTIPROCESS_DIR", () => {
  it.each(["./metrics", "metrics", "undefined", '""'])(
    "is taken from the working directory on, there or not, and says that others may start elsewhere: %j",
    (value) => {
      const directory = join(empty, value);
      const end = `expected an absolute path, the same for all processes; using ${directory}`;
      const { multiprocess, problems } = load({ FLUSHGUARD_MULTIPROCESS_DIR: value });
      expect({ multiprocess, problems }).toStrictEqual({
        multiprocess: { directory, merged: true, flushMs: 10 },
        problems: [`FLUSHGUARD_MULTIPROCESS_DIR: found ${JSON.stringify(value)}, ${end}`],
      });
    },
  );

  it("is read as it is meant", () => {
    expect(load({ FLUSHGUARD_MULTIPROCESS_DIR: "/run/app" }).problems).toEqual([]);
    const own = { FLUSHGUARD_MULTIPROCESS_DIR: "/run/app", FLUSHGUARD_MULTIPROCESS_METRICS: " OWN " };
    expect(load(own).multiprocess).toStrictEqual({ directory: "/run/app", merged: false, flushMs: 10 });
    const tick = { FLUSHGUARD_MULTIPROCESS_DIR: "/run/app", FLUSHGUARD_MULTIPROCESS_FLUSH_MS: "0" };
    expect(load(tick).multiprocess).toStrictEqual({ directory: "/run/app", merged: true, flushMs: 0 });
  });

  it("says when it cannot be one, and the metrics stay in their process", () => {
    const file = join(directoryWith({ file: "" }), "file");
    expect(load({ FLUSHGUARD_MULTIPROCESS_DIR: file })).toStrictEqual({
      ...DEFAULTS,
      problems: [
        `FLUSHGUARD_MULTIPROCESS_DIR: found "${file}", expected a directory (this is a file); metrics stay in their process`,
      ],
    });
  });

  it("says what else is wrong", () => {
    const env = {
      FLUSHGUARD_MULTIPROCESS_DIR: "/run/app",
      FLUSHGUARD_MULTIPROCESS_METRICS: "all",
      FLUSHGUARD_MULTIPROCESS_FLUSH_MS: "10ms",
    };
    expect(load(env)).toStrictEqual({
      ...DEFAULTS,
      multiprocess: { directory: "/run/app", merged: true, flushMs: 10 },
      problems: [
        'FLUSHGUARD_MULTIPROCESS_METRICS: found "all", expected merged or own; using merged',
        'FLUSHGUARD_MULTIPROCESS_FLUSH_MS: found "10ms", expected a whole number of milliseconds from 0 to 60000; using 10',
      ],
    });
  });

  it("is missing beside what is about it", () => {
    const env = { FLUSHGUARD_MULTIPROCESS_METRICS: "own", FLUSHGUARD_MULTIPROCESS_FLUSH_MS: "0" };
    expect(load(env).problems).toEqual([
      'FLUSHGUARD_MULTIPROCESS_METRICS: found "own", expected FLUSHGUARD_MULTIPROCESS_DIR beside it; it is ignored',
      'FLUSHGUARD_MULTIPROCESS_FLUSH_MS: found "0", expected FLUSHGUARD_MULTIPROCESS_DIR beside it; it is ignored',
    ]);
    for (const value of ["1", "undefined"]) {
      expect(loadConfig({ FLUSHGUARD_MULTIPROCESS_SHARED: value }, empty).problems).toEqual([
        `FLUSHGUARD_MULTIPROCESS_SHARED: found "${value}", expected FLUSHGUARD_MULTIPROCESS_DIR beside it; it is ignored`,
      ]);
    }
    expect(loadConfig({ FLUSHGUARD_MULTIPROCESS_SHARED: "0" }, empty).problems).toEqual([]);
  });

  it("is heard from pm2, which sets the variables of an app after its preload", () => {
    vi.stubEnv("pm2_env", JSON.stringify({ FLUSHGUARD_MULTIPROCESS_DIR: "/run/app", args: ["x"] }));
    expect(loadConfig(undefined, empty).multiprocess).toStrictEqual({
      directory: "/run/app",
      merged: true,
      flushMs: 10,
    });
    vi.unstubAllEnvs();
  });
});

describe("FLUSHGUARD_DRAIN", () => {
  it.each([
    ["on", ["beforeExit", "SIGTERM", "SIGINT"]],
    ["manual", []],
    ["lambda", ["lambda"]],
    [" sighup, beforeexit ", ["beforeExit", "SIGHUP"]],
    ["off", undefined],
  ])("%j is understood", (value, drain) => {
    expect(load({ FLUSHGUARD_DRAIN: value })).toStrictEqual({ ...DEFAULTS, drain });
  });

  it.each([
    ["exit", undefined],
    ["SIGKILL", undefined],
    ["SIGTERM;SIGINT", undefined],
    [",", undefined],
    ["on,lambda", ["lambda"]],
    ["SIGTERM,foo", ["SIGTERM"]],
    ["sigint,sigterm,", ["SIGTERM", "SIGINT"]],
  ])("%j is a problem, and what is right in it holds", (value, drain) => {
    const expected = "on, off, manual or some of beforeExit,SIGTERM,SIGINT,SIGHUP,lambda";
    const now = drain?.join() ?? "off";
    const problems = [`FLUSHGUARD_DRAIN: found ${JSON.stringify(value)}, expected ${expected}; using ${now}`];
    expect(load({ FLUSHGUARD_DRAIN: value })).toStrictEqual({ ...DEFAULTS, drain, problems });
  });

  it("may name one twice", () => {
    expect(load({ FLUSHGUARD_DRAIN: "SIGTERM,SIGTERM" })).toMatchObject({ drain: ["SIGTERM"], problems: [] });
  });

  it("does nothing for an observer, which is said", () => {
    expect(load({ FLUSHGUARD: "observe", FLUSHGUARD_DRAIN: "on" }).problems).toEqual([
      'FLUSHGUARD_DRAIN: found "on", expected it beside FLUSHGUARD=on; an observer drains nothing by itself',
    ]);
    expect(load({ FLUSHGUARD: "observe", FLUSHGUARD_DRAIN: "off" }).problems).toEqual([]);
  });

  it("has a limit", () => {
    expect(load({ FLUSHGUARD_DRAIN_TIMEOUT_MS: "250" }).drainTimeoutMs).toBe(250);
    expect(load({ FLUSHGUARD_DRAIN_TIMEOUT_MS: "5s" }).problems).toEqual([
      'FLUSHGUARD_DRAIN_TIMEOUT_MS: found "5s", expected a whole number of milliseconds from 1 to 2147483647; using 5000',
    ]);
  });
});

describe("FLUSHGUARD_LOG", () => {
  it.each(["silent", "error", "warn", "info", "debug", "DEBUG", " info "])("%j is a level", (value) => {
    const config = load({ FLUSHGUARD_LOG: value });
    expect(config).toMatchObject({ logLevel: value.trim().toLowerCase(), problems: [] });
  });

  it("says when it is none", () => {
    expect(load({ FLUSHGUARD_LOG: "verbose" })).toStrictEqual({
      ...DEFAULTS,
      problems: ['FLUSHGUARD_LOG: found "verbose", expected one of silent, error, warn, info, debug; using warn'],
    });
  });
});

describe("FLUSHGUARD_METRICS", () => {
  it.each([
    ["on", ["otel", "prom"]],
    ["otel", ["otel"]],
    [" PROM ", ["prom"]],
    ["prom, otel", ["otel", "prom"]],
    ["off", []],
    ["no", []],
  ])("%j is understood", (value, systems) => {
    expect(load({ FLUSHGUARD_METRICS: value })).toStrictEqual({ ...DEFAULTS, metrics: systems });
  });

  it.each([
    ["statsd", []],
    ["otel prom", []],
    ["otel,", ["otel"]],
    ["otel,datadog", ["otel"]],
  ])("%j is a problem, and what is right in it holds", (value, metrics) => {
    const now = metrics.join() || "off";
    const problems = [`FLUSHGUARD_METRICS: found "${value}", expected on, off, otel, prom or otel,prom; using ${now}`];
    expect(load({ FLUSHGUARD_METRICS: value })).toStrictEqual({ ...DEFAULTS, metrics, problems });
  });
});

describe("numbers", () => {
  it("are taken as they are", () => {
    expect(load({ FLUSHGUARD_FLUSH_TIMEOUT_MS: "1", FLUSHGUARD_MAX_HELD: " 250000 " })).toStrictEqual({
      ...DEFAULTS,
      flushTimeoutMs: 1,
      maxHeld: 250_000,
    });
  });

  it.each(["0", "-1", "1.5", "3e4", "30s", "0x10", "Infinity", "2147483648", "30_000"])("%j is no timeout", (value) => {
    expect(load({ FLUSHGUARD_FLUSH_TIMEOUT_MS: value })).toStrictEqual({
      ...DEFAULTS,
      problems: [
        `FLUSHGUARD_FLUSH_TIMEOUT_MS: found "${value}", expected a whole number of milliseconds from 1 to 2147483647; using 30000`,
      ],
    });
  });

  it.each(["0", "many", "4294967296"])("%j is no cap", (value) => {
    expect(load({ FLUSHGUARD_MAX_HELD: value })).toStrictEqual({
      ...DEFAULTS,
      problems: [
        `FLUSHGUARD_MAX_HELD: found "${value}", expected a whole number of calls from 1 to 4294967295; using 100000`,
      ],
    });
  });
});

it("reports every wrong value on one line", () => {
  const { problems } = load({
    FLUSHGUARD: "a\nb",
    FLUSHGUARD_TARGETS: "a,-\nb",
    FLUSHGUARD_LOG: "x\n",
    FLUSHGUARD_MAX_HELD: "\u00001",
  });
  expect(problems).toHaveLength(4);
  for (const line of problems) expect(line).not.toMatch(/[\n\r\0]/);
});

describe("names that are none", () => {
  it("are told of, with the one that is meant", () => {
    const env = {
      FLUSHGUARD_TARGET: "a",
      FLUSHGUARD_LOGS: "info",
      FLUSHGUARD_ENABLED: "0",
      FLUSH_GUARD: "off",
      FLUSHGAURD_LOG: "info",
      FLUSHGARD: "off",
      FLSHGUARD_LOG: "info",
      FLUSHHGUARD_LOGLEVEL: "info",
      FLUSHGUARD_LOGLEVEL: "info",
      FLUSHGUARD_TIMEOUT_MS: "1",
      flushguard: "off",
      "FLUSHGUARD-LOG": "info",
      "flushguard.log": "info",
      FLUSHGUARDIAN: "x",
      FLUSHGUARDLOG: "info",
      FLUSHGUARDTARGETS: "x",
      FLASHGUARD: "x",
      FLAG_GUARDS: "x",
      FL: "x",
      FLUSH_SOON: "1",
    };
    expect(load(env).problems).toEqual([
      'FLUSHGUARD_TARGET: found an unknown variable, expected one of flushguard\'s (did you mean "FLUSHGUARD_TARGETS"?); it is ignored',
      'FLUSHGUARD_LOGS: found an unknown variable, expected one of flushguard\'s (did you mean "FLUSHGUARD_LOG"?); it is ignored',
      "FLUSHGUARD_ENABLED: found an unknown variable, expected one of flushguard's; it is ignored",
      'FLUSH_GUARD: found an unknown variable, expected one of flushguard\'s (did you mean "FLUSHGUARD"?); it is ignored',
      'FLUSHGAURD_LOG: found an unknown variable, expected one of flushguard\'s (did you mean "FLUSHGUARD_LOG"?); it is ignored',
      'FLUSHGARD: found an unknown variable, expected one of flushguard\'s (did you mean "FLUSHGUARD"?); it is ignored',
      'FLSHGUARD_LOG: found an unknown variable, expected one of flushguard\'s (did you mean "FLUSHGUARD_LOG"?); it is ignored',
      'FLUSHHGUARD_LOGLEVEL: found an unknown variable, expected one of flushguard\'s (did you mean "FLUSHGUARD_LOG"?); it is ignored',
      'FLUSHGUARD_LOGLEVEL: found an unknown variable, expected one of flushguard\'s (did you mean "FLUSHGUARD_LOG"?); it is ignored',
      'FLUSHGUARD_TIMEOUT_MS: found an unknown variable, expected one of flushguard\'s (did you mean "FLUSHGUARD_DRAIN_TIMEOUT_MS" or "FLUSHGUARD_FLUSH_TIMEOUT_MS"?); it is ignored',
      'flushguard: found an unknown variable, expected one of flushguard\'s (did you mean "FLUSHGUARD"?); it is ignored',
      'FLUSHGUARD-LOG: found an unknown variable, expected one of flushguard\'s (did you mean "FLUSHGUARD_LOG"?); it is ignored',
      'flushguard.log: found an unknown variable, expected one of flushguard\'s (did you mean "FLUSHGUARD_LOG"?); it is ignored',
      'FLUSHGUARDLOG: found an unknown variable, expected one of flushguard\'s (did you mean "FLUSHGUARD_LOG"?); it is ignored',
      'FLUSHGUARDTARGETS: found an unknown variable, expected one of flushguard\'s (did you mean "FLUSHGUARD_TARGETS"?); it is ignored',
    ]);
  });

  it("are all but those that the code reads", () => {
    const src = fileURLToPath(new URL("../../src/", import.meta.url));
    const files = readdirSync(src, { recursive: true, encoding: "utf8" }).filter((name) => /\.c?ts$/.test(name));
    const read = files
      .filter((name) => !name.startsWith("config/variables"))
      .flatMap((name) => readFileSync(join(src, name), "utf8").match(/\bFLUSHGUARD(?:_[A-Z]+)*\b(?!_)/g) ?? []);
    // The beginning of a name that is put together.
    const names = new Set(read.filter((name) => name !== "FLUSHGUARD_MULTIPROCESS"));
    expect([...names].sort()).toEqual([...VARIABLES].sort());
  });
});

it("a choice that leaves no client is told of", () => {
  const nothing = "FLUSHGUARD_TARGETS: found a choice that leaves no client, expected at least one; nothing is guarded";
  const told = (value: string) => unknownTargets(load({ FLUSHGUARD_TARGETS: value }), ["one", "two"]);
  expect(told("-one,-two")).toEqual([nothing]);
  expect(told("tree")).toEqual([expect.stringContaining("this name is ignored"), nothing]);
  expect(told("-one")).toEqual([]);
  expect(told("one,tree")).toEqual([expect.stringContaining("this name is ignored")]);
});
