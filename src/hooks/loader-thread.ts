import { withFooter } from "./footer.js";
import type { HookedModule } from "./watch.js";

const modules = new Map<string, HookedModule>();

/** Called by Node in its loader thread, once for every registration. */
export function initialize(added: readonly HookedModule[]): void {
  for (const module of added) modules.set(module.name, module);
}

/** Node's asynchronous `load` hook. */
export async function load<Result extends object>(
  url: string,
  context: unknown,
  nextLoad: (url: string, context: unknown) => Promise<Result>,
): Promise<Result> {
  return withFooter(await nextLoad(url, context), url, modules);
}
