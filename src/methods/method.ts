export type Method = (this: unknown, ...args: unknown[]) => unknown;
