/**
 * Tests with packages and programs of their own, and those of every version of a client on every Node: frameworks, functions.
 * `npm run test:slow` runs them.
 */
export const SLOW = ["test/drain/!(lambda).test.ts", "test/examples/**", "test/multiprocess/every-node/**"];

/** Tests of every client, of which `npm test` takes a few. */
export const OF_EVERY_CLIENT = [
  "test/refused/**",
  "test/frozen/**",
  "test/report/page.test.ts",
  "test/observe/proofs.test.ts",
];

/** The clients that a test takes: these, or under `npm run test:slow` all. */
export function clientsOf(few: readonly string[], all: readonly string[]): readonly string[] {
  return process.env.EVERY_CLIENT === undefined ? few : all;
}
