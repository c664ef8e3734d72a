/** A flush that several callers wait for and that has not begun. */
export class FollowUp {
  /** Another flush has run in its place. */
  #adopted: { result: unknown } | undefined;

  #isShared = false;

  /** @param promise gives what the flush gives */
  constructor(readonly promise: Promise<unknown>) {}

  /** Whether anybody waits for it but the first. */
  get isShared(): boolean {
    return this.#isShared;
  }

  join(): Promise<unknown> {
    this.#isShared = true;
    return this.promise;
  }

  get adopted(): { result: unknown } | undefined {
    return this.#adopted;
  }

  adopt(result: unknown): void {
    this.#adopted = { result };
  }
}
