import { hasPrivateFields } from "../guard/private-fields.js";
import { sendersOf } from "../guard/senders.js";
import type { Roles } from "../target.js";
import { isFixed } from "./own-methods.js";

/** The roles a class or instance can be guarded in, and what stands in the way of the others. */
export interface Fitting {
  roles: Roles;
  reason?: string;
}

/** Leaves out the declared buffers where an original flush cannot run on a view of its instance: records are held instead. */
export function fittingRoles(roles: Roles, holder: object): Fitting {
  const reason = roles.buffers === undefined ? undefined : obstacle(roles, holder);
  if (reason === undefined) return { roles };
  const { buffers: _, ...others } = roles;
  return { roles: others, reason: `${reason}, so records are held during a flush instead of swapped` };
}

function obstacle(roles: Roles, holder: object): string | undefined {
  if (hasPrivateFields(holder)) return "its class has #private fields";
  // It would not look at the view.
  const fixed = sendersOf(roles).find((method) => isFixed(holder, method));
  return fixed === undefined ? undefined : `"${fixed}" works on its own instance only`;
}
