export const FAULTS = ["short read", "undecodable key", "other"] as const;

export type FaultKind = (typeof FAULTS)[number];

/** What a file does to who reads it once several processes have written over each other. */
export class Fault extends Error {
  constructor(
    readonly kind: FaultKind,
    message: string,
  ) {
    super(`${kind}: ${message}`);
  }
}

/** The fault that an error stands for. */
export function faultFrom(error: unknown): Fault {
  return error instanceof Fault ? error : new Fault("other", String(error));
}
