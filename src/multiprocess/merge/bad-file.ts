/** What makes a file useless: it is damaged, cut short, not ours or newer than this package. */
export class BadFile extends Error {}

export function bad(reason: string): never {
  throw new BadFile(reason);
}
