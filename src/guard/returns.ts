import type { Returns } from "../target.js";

const AsyncFunction = (async () => {}).constructor;
const COMPILED_ASYNC = /\b(?:__awaiter|__async|_asyncToGenerator|asyncToGenerator)\b/;
const COMMENTS = /\/\*[\s\S]*?\*\/|\/\/[^\n]*/g;
const NOTHING = /^(?:undefined|void\b.*)?$/;
const RETURN = /\breturn\b[^\S\n]*([^;}\n]*)/g;

/**
 * Reads from a method's source what it returns: a held call must return the same before the original has run.
 * @returns `"value"` where only running it would tell
 */
export function returnsOf(method: (...args: never[]) => unknown): Returns | "value" {
  // Wrappers made with shimmer, OpenTelemetry's among them, say which function they wrap.
  const wrapped = (method as { __original?: unknown }).__original;
  if (typeof wrapped === "function" && wrapped !== method) return returnsOf(wrapped as typeof method);
  if (method instanceof AsyncFunction) return "promise";
  const source = Function.prototype.toString.call(method).replace(COMMENTS, "");
  if (COMPILED_ASYNC.test(source)) return "promise";
  if (source.endsWith("{ [native code] }") || isExpressionArrow(source)) return "value";
  const returned = [...source.matchAll(RETURN)]
    .map((match) => match[1]?.trim() ?? "")
    .filter((text) => !NOTHING.test(text));
  if (returned.length === 0) return "nothing";
  return returned.every((text) => text === "this") ? "this" : "value";
}

function isExpressionArrow(source: string): boolean {
  return /^(?:\([^)]*\)|[\w$]+)\s*=>\s*[^\s{]/.test(source);
}
