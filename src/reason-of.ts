/** Why something failed, in the words of what was thrown, which may be anything. Never throws. */
export function reasonOf(thrown: unknown): string {
  try {
    return String(thrown instanceof Error ? thrown.message : thrown);
  } catch {
    return `a value of type ${typeof thrown} that has no words`;
  }
}
