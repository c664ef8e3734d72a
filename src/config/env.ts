import { statSync } from "node:fs";
import { isAbsolute, resolve } from "node:path";
import { LOG_LEVELS, type LogLevel } from "../log.js";
import type { Config, DrainTrigger, MetricSystem } from "./config.js";
import { didYouMean } from "./did-you-mean.js";
import { namedSource } from "./named-source.js";
import { DEFAULTS, type Settings } from "./settings.js";
import { unknownVariables, VARIABLES } from "./variables.js";

type Env = Readonly<Record<string, string | undefined>>;

/** On Windows the case of a name means nothing. */
const SAME_CASE = process.platform === "win32";

/**
 * Reads our variables.
 * @param cwd what a relative path starts from
 * @param problems takes a line for each wrong value
 */
export function settingsIn(env: Env, cwd: string | undefined, problems: string[]): Settings {
  problems.push(...unknownNames(env));
  const named = variable(env, "FLUSHGUARD_CONFIG");
  return {
    observe: observes(env, problems),
    targets: targetChoice(env, problems),
    metrics: metrics(env, problems),
    logLevel: logLevel(env, problems),
    flushTimeoutMs: wholeNumber(
      env,
      "FLUSHGUARD_FLUSH_TIMEOUT_MS",
      "milliseconds",
      DEFAULTS.flushTimeoutMs,
      2_147_483_647,
      problems,
    ),
    maxHeld: wholeNumber(env, "FLUSHGUARD_MAX_HELD", "calls", DEFAULTS.maxHeld, 2 ** 32 - 1, problems),
    multiprocess: multiprocess(env, cwd, problems),
    drain: drain(env, problems),
    drainTimeoutMs: wholeNumber(
      env,
      "FLUSHGUARD_DRAIN_TIMEOUT_MS",
      "milliseconds",
      DEFAULTS.drainTimeoutMs,
      2_147_483_647,
      problems,
    ),
    source: named === undefined ? undefined : namedSource(named, cwd, problems),
  };
}

function unknownNames(env: Env): string[] {
  const unknown = unknownVariables(env).filter(
    (name) => !(SAME_CASE && unknownVariables({ [name.toUpperCase()]: "" }).length === 0),
  );
  if (unknown.length === 0) return [];
  return unknown.map(
    (name) =>
      `${name}: found an unknown variable, expected one of flushguard's${didYouMean(name, VARIABLES, "FLUSHGUARD_")}; it is ignored`,
  );
}

/** The value of a variable without surrounding blanks. An empty one is not set: systemd, Compose and others can only empty one that they inherit. */
function variable(env: Env, name: string): string | undefined {
  return env[name]?.trim() || undefined;
}

function problem(name: string, value: string, expected: string, now: string): string {
  return `${name}: found ${JSON.stringify(value)}, expected ${expected}; ${now}`;
}

/** Whether the value of FLUSHGUARD, one that does not mean off, asks to observe only. */
function observes(env: Env, problems: string[]): boolean {
  const value = variable(env, "FLUSHGUARD")?.toLowerCase();
  if (value === "observe") return true;
  if (value !== undefined && !/^(?:1|true|yes|on)$/.test(value)) {
    problems.push(problem("FLUSHGUARD", variable(env, "FLUSHGUARD") as string, "on, observe or off", "using on"));
  }
  return false;
}

/** A whole number between `min` and `max`. */
function wholeNumber(env: Env, name: string, unit: string, fallback: number, max: number, problems: string[], min = 1) {
  const value = variable(env, name);
  if (value === undefined) return fallback;
  const number = /^\d+$/.test(value) ? Number(value) : -1;
  if (number >= min && number <= max) return number;
  problems.push(problem(name, value, `a whole number of ${unit} from ${min} to ${max}`, `using ${fallback}`));
  return fallback;
}

function logLevel(env: Env, problems: string[]): LogLevel {
  const value = variable(env, "FLUSHGUARD_LOG");
  if (value === undefined) return DEFAULTS.logLevel;
  const level = LOG_LEVELS.find((name) => name === value.toLowerCase());
  if (level !== undefined) return level;
  problems.push(problem("FLUSHGUARD_LOG", value, `one of ${LOG_LEVELS.join(", ")}`, "using warn"));
  return "warn";
}

const METRIC_SYSTEMS: readonly MetricSystem[] = ["otel", "prom"];

/** `on`: every system. `otel,prom`: those. */
function metrics(env: Env, problems: string[]): readonly MetricSystem[] {
  const value = variable(env, "FLUSHGUARD_METRICS")?.toLowerCase();
  if (value === undefined || /^(?:0|false|no|off)$/.test(value)) return [];
  if (/^(?:1|true|yes|on)$/.test(value)) return METRIC_SYSTEMS;
  const names = value.split(",").map((name) => name.trim());
  if (names.every((name) => METRIC_SYSTEMS.some((system) => system === name))) {
    return METRIC_SYSTEMS.filter((system) => names.includes(system));
  }
  problems.push(problem("FLUSHGUARD_METRICS", value, "on, off, otel, prom or otel,prom", "using off"));
  return [];
}

const DRAIN_TRIGGERS: readonly DrainTrigger[] = ["beforeExit", "SIGTERM", "SIGINT", "SIGHUP", "lambda"];

/** `on`: the first three. `manual`: none of them, only `drain()`. */
function drain(env: Env, problems: string[]): readonly DrainTrigger[] | undefined {
  const value = variable(env, "FLUSHGUARD_DRAIN");
  const named = value?.toLowerCase();
  if (value === undefined || named === undefined || /^(?:0|false|no|off)$/.test(named)) return undefined;
  if (/^(?:1|true|yes|on)$/.test(named)) return DRAIN_TRIGGERS.slice(0, 3);
  if (named === "manual") return [];
  const names = named.split(",").map((name) => name.trim());
  if (names.every((name) => DRAIN_TRIGGERS.some((trigger) => trigger.toLowerCase() === name))) {
    return DRAIN_TRIGGERS.filter((trigger) => names.includes(trigger.toLowerCase()));
  }
  problems.push(problem("FLUSHGUARD_DRAIN", value, `on, off, manual or some of ${DRAIN_TRIGGERS.join()}`, "using off"));
  return undefined;
}

/** `a,b`: only these. `-a,-b`: all but these. */
function targetChoice(env: Env, problems: string[]): Config["targets"] {
  const value = variable(env, "FLUSHGUARD_TARGETS");
  if (value === undefined) return DEFAULTS.targets;
  const entries = value
    .split(",")
    .map((entry) => entry.trim())
    .filter((entry) => entry !== "");
  const minus = entries.filter((entry) => entry.startsWith("-"));
  const names = [...new Set(entries.map((entry) => entry.replace(/^-\s*/, "")))];
  if (entries.length === 0 || names.includes("") || (minus.length > 0 && minus.length < entries.length)) {
    const expected = 'names ("a,b": only these) or names with a minus each ("-a,-b": all but these)';
    problems.push(problem("FLUSHGUARD_TARGETS", value, expected, "using every target"));
    return DEFAULTS.targets;
  }
  return minus.length > 0 ? { only: undefined, except: names } : { only: names, except: [] };
}

/** @param cwd what a relative path starts from */
function multiprocess(env: Env, cwd: string | undefined, problems: string[]): Config["multiprocess"] {
  const directory = variable(env, "FLUSHGUARD_MULTIPROCESS_DIR");
  if (directory === undefined) {
    for (const name of ["METRICS", "FLUSH_MS", "SHARED"].map((one) => `FLUSHGUARD_MULTIPROCESS_${one}`)) {
      const value = variable(env, name);
      if (value === undefined || (name.endsWith("SHARED") && value === "0")) continue;
      problems.push(problem(name, value, "FLUSHGUARD_MULTIPROCESS_DIR beside it", "it is ignored"));
    }
    return undefined;
  }
  const metrics = variable(env, "FLUSHGUARD_MULTIPROCESS_METRICS")?.toLowerCase() ?? "merged";
  if (metrics !== "merged" && metrics !== "own") {
    problems.push(problem("FLUSHGUARD_MULTIPROCESS_METRICS", metrics, "merged or own", "using merged"));
  }
  const flushMs = wholeNumber(env, "FLUSHGUARD_MULTIPROCESS_FLUSH_MS", "milliseconds", 10, 60_000, problems, 0);
  const shared = variable(env, "FLUSHGUARD_MULTIPROCESS_SHARED");
  if (shared !== undefined && shared !== "0" && shared !== "1") {
    problems.push(problem("FLUSHGUARD_MULTIPROCESS_SHARED", shared, "0 or 1", "using 0"));
  }
  const refused = refusal(directory, cwd);
  if (refused !== undefined) {
    const now = "metrics stay in their process";
    problems.push(problem("FLUSHGUARD_MULTIPROCESS_DIR", directory, `a directory (${refused})`, now));
    return undefined;
  }
  const path = resolve(cwd ?? "/", directory);
  if (!isAbsolute(directory)) {
    const expected = "an absolute path, the same for all processes";
    problems.push(problem("FLUSHGUARD_MULTIPROCESS_DIR", directory, expected, `using ${path}`));
  }
  return { directory: path, merged: metrics !== "own", flushMs };
}

/** Why it cannot be one; it need not be there yet. */
function refusal(directory: string, cwd: string | undefined): string | undefined {
  if (cwd === undefined && !isAbsolute(directory)) return "the working directory that it starts from is gone";
  try {
    const there = statSync(resolve(cwd ?? "/", directory), { throwIfNoEntry: false });
    return there === undefined || there.isDirectory() ? undefined : "this is a file";
  } catch (error) {
    return (error as Error).message;
  }
}
