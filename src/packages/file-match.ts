import { createRequire } from "node:module";
import { compiled } from "./compiled.js";

const require = createRequire(import.meta.url);
const matchers = new Map<string, (file: string) => boolean>();

/** Whether a file inside a package is the one a target names, by path or by glob. */
export function matchesFile(pattern: string | undefined, file: string): boolean {
  if (pattern === undefined || pattern === file) return true;
  if (!/[*?[\]{}()!]/.test(pattern)) return false;
  let matcher = matchers.get(pattern);
  if (matcher === undefined) {
    matcher = matcherFor(pattern);
    matchers.set(pattern, matcher);
  }
  return matcher(file);
}

function matcherFor(pattern: string): (file: string) => boolean {
  const source = Object.hasOwn(compiled.patterns, pattern) ? compiled.patterns[pattern] : undefined;
  if (source === undefined) return (require("picomatch") as typeof import("picomatch"))(pattern);
  const expression = new RegExp(source);
  return (file) => expression.test(file);
}
