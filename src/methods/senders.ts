import type { Roles } from "../target.js";

/** The methods that send the buffer, whoever calls them. */
export function sendersOf({ flush = [], send = [] }: Roles): readonly string[] {
  return [...flush, ...send];
}
