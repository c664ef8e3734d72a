/**
 * Tests with packages and programs of their own, and those of every version of a client on every Node: frameworks, functions,
 * bundlers, other runners. `npm run test:slow` runs them.
 */
export const SLOW = [
  "test/drain/**",
  "test/bundlers/**",
  "test/runners/**",
  "test/examples/**",
  "test/multiprocess/every-node/**",
];
