/** Tests with packages and programs of their own: frameworks, functions, bundlers, other runners. `npm run test:slow` runs them. */
export const SLOW = ["test/drain/**", "test/bundlers/**", "test/runners/**", "test/examples/**"];
