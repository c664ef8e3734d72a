import { log } from "../log.js";
import type { Roles } from "../target.js";

const PRIVATE = /(?:\bthis|[\w$)\]])\??\.#[\w$]/;

/**
 * The roles without a declared buffer, where the class has `#private` fields: the view that an original flush runs on
 * has none of them, so reading one would throw. Its records are held instead.
 */
export function withoutPrivateFields(roles: Roles, holder: object, name: string): Roles {
  if (roles.buffers === undefined || !hasPrivateFields(holder)) return roles;
  log.info(`${name}: its class has #private fields, so its records are held during a flush instead of swapped`);
  const { buffers: _, ...others } = roles;
  return others;
}

function hasPrivateFields(holder: object): boolean {
  const Class: unknown = holder.constructor;
  return typeof Class === "function" && PRIVATE.test(Function.prototype.toString.call(Class));
}
