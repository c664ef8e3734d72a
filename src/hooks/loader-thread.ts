import { readFile } from "node:fs/promises";
import { withFooter } from "./footer.js";
import type { HookedModule } from "./watch.js";

interface Loaded {
  format?: string | null | undefined;
  source?: unknown;
}

const modules = new Map<string, HookedModule>();
/**
 * CommonJS that Node evaluates with a `require` of its own, which comes here rather than to Node's CommonJS loader: what has its
 * source from a loader or from the stripping of types, and what such a file requires.
 */
const requiringHere = new Set<string>();

/** Called by Node in its loader thread, once for every registration. */
export function initialize(added: readonly HookedModule[]): void {
  for (const module of added) modules.set(module.name, module);
}

/** Node's asynchronous `resolve` hook. What such a `require` asks for is the URL of a file; an import of the same is taken for one. */
export async function resolve<Result extends { url: string }>(
  specifier: string,
  context: { parentURL?: string },
  nextResolve: (specifier: string, context: object) => Promise<Result>,
): Promise<Result> {
  const result = await nextResolve(specifier, context);
  if (specifier.startsWith("file:") && requiringHere.has(context.parentURL ?? "")) requiringHere.add(result.url);
  return result;
}

/** Node's asynchronous `load` hook. */
export async function load<Result extends Loaded>(
  url: string,
  context: unknown,
  nextLoad: (url: string, context: unknown) => Promise<Result>,
): Promise<Result> {
  const result = await nextLoad(url, context);
  if (result.format !== "commonjs" && result.format !== "commonjs-typescript") return withFooter(result, url, modules);
  if (result.source) requiringHere.add(url);
  else if (requiringHere.has(url)) return withSource(result, url);
  return withFooter(result, url, modules);
}

/** Node would read it now: a source of ours would send any other CommonJS past its CommonJS loader. */
async function withSource<Result extends Loaded>(result: Result, url: string): Promise<Result> {
  try {
    return withFooter({ ...result, source: await readFile(new URL(url)) }, url, modules);
  } catch {
    return result; // Node says what is wrong with it.
  }
}
