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

const MOST_MS = 2_147_483_647;
const YES = /^(?:1|true|yes|on)$/;
const NO = /^(?:0|false|no|off)$/;

/**
 * Reads our variables.
 * @param cwd what a relative path starts from
 * @param problems takes a line for each wrong value
 */
export function settingsIn(env: Env, cwd: string | undefined, problems: string[]): Settings {
  problems.push(...unknownNames(env));
  const variables = new Variables(env, problems);
  const named = variables.value("FLUSHGUARD_CONFIG");
  const { flushTimeoutMs, maxHeld, drainTimeoutMs } = DEFAULTS;
  const observe = observes(variables);
  return {
    observe,
    targets: targetChoice(variables),
    metrics: metrics(variables),
    logLevel: logLevel(variables),
    flushTimeoutMs: variables.wholeNumber("FLUSHGUARD_FLUSH_TIMEOUT_MS", "milliseconds", flushTimeoutMs, 1, MOST_MS),
    maxHeld: variables.wholeNumber("FLUSHGUARD_MAX_HELD", "calls", maxHeld, 1, 2 ** 32 - 1),
    multiprocess: multiprocess(variables, cwd),
    drain: drain(variables, observe),
    drainTimeoutMs: variables.wholeNumber("FLUSHGUARD_DRAIN_TIMEOUT_MS", "milliseconds", drainTimeoutMs, 1, MOST_MS),
    source: named === undefined ? undefined : namedSource(named, cwd, problems),
  };
}

function unknownNames(env: Env): string[] {
  const unknown = unknownVariables(env).filter(
    (name) => !(SAME_CASE && unknownVariables({ [name.toUpperCase()]: "" }).length === 0),
  );
  return unknown.map(
    (name) =>
      `${name}: found an unknown variable, expected one of flushguard's${didYouMean(name, VARIABLES, "FLUSHGUARD_")}; it is ignored`,
  );
}

/** The environment, and what is wrong in it. */
class Variables {
  constructor(
    private readonly env: Env,
    private readonly problems: string[],
  ) {}

  /** Without surrounding blanks. An empty one is not set: systemd, Compose and others can only empty one that they inherit. */
  value(name: string): string | undefined {
    return this.env[name]?.trim() || undefined;
  }

  /** @param now what is done instead */
  refuse(name: string, value: string, expected: string, now: string): void {
    this.problems.push(`${name}: found ${JSON.stringify(value)}, expected ${expected}; ${now}`);
  }

  /** Those that a list names, which hold beside what nobody knows; a line tells of that. */
  someOf<Word extends string>(words: readonly Word[], name: string, value: string, expected: string): Word[] {
    const names = listed(value.toLowerCase());
    const named = words.filter((word) => names.includes(word.toLowerCase()));
    if (named.length < new Set(names).size) this.refuse(name, value, expected, `using ${named.join() || "off"}`);
    return named;
  }

  /** @param least the smallest that it may be, as `most` is the largest */
  wholeNumber(name: string, unit: string, fallback: number, least: number, most: number): number {
    const value = this.value(name);
    if (value === undefined) return fallback;
    const number = /^\d+$/.test(value) ? Number(value) : -1;
    if (number >= least && number <= most) return number;
    this.refuse(name, value, `a whole number of ${unit} from ${least} to ${most}`, `using ${fallback}`);
    return fallback;
  }
}

/** Whether the value of FLUSHGUARD, one that does not mean off, asks to observe only. */
function observes(variables: Variables): boolean {
  const value = variables.value("FLUSHGUARD");
  const word = value?.toLowerCase();
  if (word === "observe") return true;
  if (value !== undefined && word !== undefined && !YES.test(word)) {
    variables.refuse("FLUSHGUARD", value, "on, observe or off", "using on");
  }
  return false;
}

function logLevel(variables: Variables): LogLevel {
  const value = variables.value("FLUSHGUARD_LOG");
  if (value === undefined) return DEFAULTS.logLevel;
  const level = LOG_LEVELS.find((name) => name === value.toLowerCase());
  if (level !== undefined) return level;
  variables.refuse("FLUSHGUARD_LOG", value, `one of ${LOG_LEVELS.join(", ")}`, `using ${DEFAULTS.logLevel}`);
  return DEFAULTS.logLevel;
}

const METRIC_SYSTEMS: readonly MetricSystem[] = ["otel", "prom"];

/** `on`: every system. `otel,prom`: those. */
function metrics(variables: Variables): readonly MetricSystem[] {
  const value = variables.value("FLUSHGUARD_METRICS")?.toLowerCase();
  if (value === undefined || NO.test(value)) return [];
  if (YES.test(value)) return METRIC_SYSTEMS;
  return variables.someOf(METRIC_SYSTEMS, "FLUSHGUARD_METRICS", value, "on, off, otel, prom or otel,prom");
}

const DRAIN_TRIGGERS: readonly DrainTrigger[] = ["beforeExit", "SIGTERM", "SIGINT", "SIGHUP", "lambda"];

/** `on`: the first three. `manual`: none of them, only `drain()`. */
function drain(variables: Variables, observe: boolean): readonly DrainTrigger[] | undefined {
  const value = variables.value("FLUSHGUARD_DRAIN");
  const word = value?.toLowerCase();
  if (value === undefined || word === undefined || NO.test(word)) return undefined;
  if (observe) {
    variables.refuse("FLUSHGUARD_DRAIN", value, "it beside FLUSHGUARD=on", "an observer drains nothing by itself");
  }
  if (YES.test(word)) return DRAIN_TRIGGERS.slice(0, 3);
  if (word === "manual") return [];
  const expected = `on, off, manual or some of ${DRAIN_TRIGGERS.join()}`;
  const triggers = variables.someOf(DRAIN_TRIGGERS, "FLUSHGUARD_DRAIN", value, expected);
  return triggers.length > 0 ? triggers : undefined;
}

function listed(value: string): string[] {
  return value.split(",").map((entry) => entry.trim());
}

/** `a,b`: only these. `-a,-b`: all but these. */
function targetChoice(variables: Variables): Config["targets"] {
  const value = variables.value("FLUSHGUARD_TARGETS");
  if (value === undefined) return DEFAULTS.targets;
  const entries = listed(value).filter((entry) => entry !== "");
  const minus = entries.filter((entry) => entry.startsWith("-"));
  const names = [...new Set(entries.map((entry) => entry.replace(/^-\s*/, "")))];
  if (entries.length === 0 || names.includes("") || (minus.length > 0 && minus.length < entries.length)) {
    const expected = 'names ("a,b": only these) or names with a minus each ("-a,-b": all but these)';
    variables.refuse("FLUSHGUARD_TARGETS", value, expected, "using every target");
    return DEFAULTS.targets;
  }
  return minus.length > 0 ? { only: undefined, except: names } : { only: names, except: [] };
}

/** @param cwd what a relative path starts from */
function multiprocess(variables: Variables, cwd: string | undefined): Config["multiprocess"] {
  const directory = variables.value("FLUSHGUARD_MULTIPROCESS_DIR");
  if (directory === undefined) {
    for (const name of ["METRICS", "FLUSH_MS", "SHARED"].map((one) => `FLUSHGUARD_MULTIPROCESS_${one}`)) {
      const value = variables.value(name);
      if (value === undefined || (name.endsWith("SHARED") && value === "0")) continue;
      variables.refuse(name, value, "FLUSHGUARD_MULTIPROCESS_DIR beside it", "it is ignored");
    }
    return undefined;
  }
  const metrics = variables.value("FLUSHGUARD_MULTIPROCESS_METRICS")?.toLowerCase() ?? "merged";
  if (metrics !== "merged" && metrics !== "own") {
    variables.refuse("FLUSHGUARD_MULTIPROCESS_METRICS", metrics, "merged or own", "using merged");
  }
  const flushMs = variables.wholeNumber("FLUSHGUARD_MULTIPROCESS_FLUSH_MS", "milliseconds", 10, 0, 60_000);
  const shared = variables.value("FLUSHGUARD_MULTIPROCESS_SHARED");
  if (shared !== undefined && shared !== "0" && shared !== "1") {
    variables.refuse("FLUSHGUARD_MULTIPROCESS_SHARED", shared, "0 or 1", "using 0");
  }
  const refused = refusal(directory, cwd);
  if (refused !== undefined) {
    const now = "metrics stay in their process";
    variables.refuse("FLUSHGUARD_MULTIPROCESS_DIR", directory, `a directory (${refused})`, now);
    return undefined;
  }
  const path = resolve(cwd ?? "/", directory);
  if (!isAbsolute(directory)) {
    const expected = "an absolute path, the same for all processes";
    variables.refuse("FLUSHGUARD_MULTIPROCESS_DIR", directory, expected, `using ${path}`);
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
