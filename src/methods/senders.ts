import type { Roles } from "../target.js";

/** The methods that send the buffer, whoever calls them. */
export function sendersOf({ flush = [], send = [] }: Roles): readonly string[] {
  return [...flush, ...send];
}

/** The methods without which a class is not the one that is meant: what sends or, of one that only records, its records. */
export function neededOf(roles: Roles): readonly string[] {
  const senders = sendersOf(roles);
  return senders.length > 0 ? senders : (roles.record ?? []);
}
