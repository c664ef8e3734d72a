/** The preload of this copy of the package, for `--import` from any working directory. */
export const REGISTER = new URL("../../../register.js", import.meta.url).href;
