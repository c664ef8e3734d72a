/** For tests; those that run without a compiler import the other file. */
export { PROGRAMS, placesOf, program, UNPACKED } from "./programs.mjs";
