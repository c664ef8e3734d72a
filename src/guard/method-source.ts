import type { Returns } from "../target.js";

const AsyncFunction = (async () => {}).constructor;
const COMPILED_ASYNC = /\b(?:__awaiter|__async|_asyncToGenerator|asyncToGenerator)\b/;
const COMMENTS = /\/\*[\s\S]*?\*\/|\/\/[^\n]*/g;
const NOTHING = /^(?:undefined|void\b.*)?$/;
const RETURN = /\breturn\b[^\S\n]*([^;}\n]*)/g;

type Method = (...args: never[]) => unknown;

/** Whether a method's source has one of the names in it, as it must to call a method of that name. */
export function mentions(method: Method, names: readonly string[]): boolean {
  const source = sourceOf(innermost(method));
  return isNative(source) || names.some((name) => source.includes(name));
}

/**
 * Reads from a method's source what it returns: a held call must return the same before the original has run.
 * @returns `"value"` where only running it would tell
 */
export function returnsOf(method: Method): Returns | "value" {
  const original = innermost(method);
  if (original instanceof AsyncFunction) return "promise";
  const source = sourceOf(original);
  if (COMPILED_ASYNC.test(source)) return "promise";
  if (isNative(source) || isExpressionArrow(source)) return "value";
  const returned = [...source.matchAll(RETURN)]
    .map((match) => match[1]?.trim() ?? "")
    .filter((text) => !NOTHING.test(text));
  if (returned.length === 0) return "nothing";
  return returned.every((text) => text === "this") ? "this" : "value";
}

/** Wrappers made with shimmer, OpenTelemetry's among them, say which function they wrap. */
function innermost(method: Method): Method {
  const { __original: wrapped } = method as { __original?: unknown };
  return typeof wrapped === "function" && wrapped !== method ? innermost(wrapped as Method) : method;
}

function sourceOf(method: Method): string {
  return Function.prototype.toString.call(method).replace(COMMENTS, "");
}

function isNative(source: string): boolean {
  return source.endsWith("{ [native code] }");
}

function isExpressionArrow(source: string): boolean {
  return /^(?:\([^)]*\)|[\w$]+)\s*=>\s*[^\s{]/.test(source);
}
