/** What makes a file useless: it is damaged or cut short. */
export class BadFile extends Error {}

/** What a release to come has written, under a name of this format: it is whole, and nobody here can say what it means. */
export class NewerFile extends Error {}

export function bad(reason: string): never {
  throw new BadFile(reason);
}

export function newer(reason: string): never {
  throw new NewerFile(reason);
}
