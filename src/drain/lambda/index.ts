export function wrapHandler(_drain: (limitMs: number) => Promise<unknown>): void {}
