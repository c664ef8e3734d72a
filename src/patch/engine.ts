import type { GuardedClass, Method } from "../guard/guarded-class.js";
import { type Role, wrapperFor } from "../guard/wrappers.js";
import type { Roles } from "../target.js";
import { type Fitting, fittingRoles } from "./swappable.js";

/** What takes the place of the methods that are found. */
export interface Engine {
  /**
   * @param method name of the original
   * @returns undefined where the method must stay as it is
   */
  wrapperFor(guarded: GuardedClass, role: Role, original: Method, method: string): Method | undefined;
  /** The roles that a class or instance can have. */
  fittingRoles(roles: Roles, holder: object): Fitting;
}

export const guardEngine: Engine = { wrapperFor, fittingRoles };
