import { isUtf8 } from "node:buffer";
import { readFileSync, statSync } from "node:fs";
import type { Target } from "../target.js";
import { repeatedKeys } from "./repeated-keys.js";
import { shown } from "./shown.js";
import type { Manifest } from "./source.js";
import { isObject } from "./target-fields.js";
import { emptyLists, validateTarget } from "./validate-target.js";

const MAX_BYTES = 1_048_576;
const NONE = "using no targets of your own";

/** What stands in the way of reading the file, or its text. */
function read(path: string): { text: string } | { wrong: string } {
  try {
    const stats = statSync(path);
    if (stats.isDirectory()) return { wrong: "a directory" };
    if (!stats.isFile()) return { wrong: "something that is not a file" };
    if (stats.size > MAX_BYTES) return { wrong: `${stats.size} bytes` };
    const bytes = readFileSync(path);
    return isUtf8(bytes) ? { text: String(bytes).replace(/^\uFEFF/, "") } : { wrong: "text that is not UTF-8" };
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code;
    return { wrong: code === "ENOENT" || code === "ENOTDIR" ? "no file" : `a file that cannot be read (${code})` };
  }
}

/** What a target is about: of two about the same, the second would find its methods wrapped. */
function placeOf({ module, versions, file, export: exported, factory, part }: Target): string {
  return JSON.stringify([module, versions, file, exported, factory, part]);
}

/**
 * The targets in a parsed config.
 * @param value what was parsed
 * @param path the file it is from
 * @param at the path inside the file, `""` for its root
 * @param problems takes a line for each wrong value
 */
function targetsIn(value: unknown, path: string, at: string, problems: string[]): Target[] {
  const where = at === "" ? path : `${path}: ${at}`;
  if (!isObject(value)) {
    problems.push(`${where}: found ${shown(value)}, expected an object with "targets"; ${NONE}`);
    return [];
  }
  const prefix = `${path}: ${at === "" ? "" : `${at}.`}`;
  for (const key of Object.keys(value)) {
    if (key === "targets" || key === "$schema") continue;
    problems.push(`${prefix}${key}: found an unknown key, expected "targets"; it is ignored`);
  }
  const list = value.targets;
  if (list === undefined) {
    problems.push(`${prefix}targets: found nothing, expected a list of targets; ${NONE}`);
    return [];
  }
  if (!Array.isArray(list)) {
    problems.push(`${prefix}targets: found ${shown(list)}, expected a list of targets; ${NONE}`);
    return [];
  }
  if (list.length === 0) problems.push(`${prefix}targets: found [], expected at least one target; ${NONE}`);
  return validIn(list, prefix, problems);
}

/** Those of a list that are targets, each class once. */
function validIn(list: readonly unknown[], prefix: string, problems: string[]): Target[] {
  const places = new Map<string, number>();
  return list.flatMap((entry, index) => {
    const { target, problems: own } = validateTarget(entry, `${prefix}targets[${index}]`);
    problems.push(...own);
    if (target === undefined) return [];
    problems.push(...emptyLists(target, `${prefix}targets[${index}]`));
    const place = placeOf(target);
    const first = places.get(place);
    if (first === undefined) {
      places.set(place, index);
      return target;
    }
    const expected = `expected one target for each class: targets[${first}] is about the same`;
    problems.push(
      `${prefix}targets[${index}]: found ${shown(target.module)} again, ${expected}; this target is left out`,
    );
    return [];
  });
}

/** A line for each key that is there more than once. */
function repetitions(keys: readonly string[], where: string): string[] {
  return keys.map((key) => `${where}: found ${key} again, expected each key once; the last one counts`);
}

/** The targets of a package.json. */
export function targetsOfManifest({ text, value }: Manifest, path: string, problems: string[]): Target[] {
  const own = repeatedKeys(text).filter((key) => /^flushguard(?![^.[])/.test(key));
  problems.push(...repetitions(own, path));
  return targetsIn(value, path, "flushguard", problems);
}

/**
 * The targets of a config file.
 * @param path its absolute path
 * @param named whether FLUSHGUARD_CONFIG names it
 * @param problems takes a line for each wrong value
 */
export function targetsOfFile(path: string, named: boolean, problems: string[]): Target[] {
  const where = named ? `${path} (FLUSHGUARD_CONFIG)` : path;
  const content = read(path);
  if ("wrong" in content) {
    problems.push(`${where}: found ${content.wrong}, expected a JSON file of at most ${MAX_BYTES} bytes; ${NONE}`);
    return [];
  }
  let value: unknown;
  try {
    value = JSON.parse(content.text);
  } catch (error) {
    const reason = (error as Error).message.replace(/[\s\p{Cc}]+/gu, " ");
    problems.push(`${where}: found text that is not JSON (${reason}), expected a JSON object; ${NONE}`);
    return [];
  }
  problems.push(...repetitions(repeatedKeys(content.text), where));
  return targetsIn(value, path, "", problems);
}
