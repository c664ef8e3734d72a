/** A flush that several callers wait for and that has not begun. */
export class FollowUp {
  /** Another flush has run in its place. */
  #adopted: { result: unknown } | undefined;

  /** @param promise gives what the flush gives */
  constructor(readonly promise: Promise<unknown>) {}

  get adopted(): { result: unknown } | undefined {
    return this.#adopted;
  }

  adopt(result: unknown): void {
    this.#adopted = { result };
  }
}
