import type { Method } from "../methods/method.js";
import { type Role, wrapperFor } from "./calls/wrappers.js";
import type { GuardedClass } from "./owner/guarded-class.js";

/** What takes the place of the methods that are found. */
export interface Engine {
  /**
   * @param method name of the original
   * @param holder the prototype or instance that has it
   * @returns undefined where the method must stay as it is
   */
  wrapperFor(guarded: GuardedClass, role: Role, original: Method, method: string, holder: object): Method | undefined;
}

export const guardEngine: Engine = { wrapperFor };
