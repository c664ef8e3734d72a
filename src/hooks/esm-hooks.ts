/** How ES modules are hooked: in this thread, in Node's loader thread, or not at all. */
export type EsmHooks = "registerHooks" | "register" | "none";
