/** What the user typed makes no sense: one line, exit code 2. */
export class UsageError extends Error {}
