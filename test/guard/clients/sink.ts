/** What a sender does with one batch. All but "reject" and "throw" deliver it. */
export const BEHAVIOURS = ["ok", "reject", "throw", "record", "flush", "await-flush", "await-flush-later"] as const;

export type Behaviour = (typeof BEHAVIOURS)[number] | "hang" | "hang-reject";

/** What every model client has. */
export interface Client {
  record(id: number): unknown;
  flush(done?: () => void): unknown;
  close(): unknown;
  /** What is still in its buffer. */
  readonly left: readonly number[];
}

/** The far end of a client: keeps what is delivered, and misbehaves as it is told. */
export class Sink {
  readonly delivered: number[] = [];
  /** Recorded into a client that was closed by then. */
  readonly refused: number[] = [];
  /** What a sender, logger or error handler of the app does from inside a flush. */
  reenter: { record(): void; flush(): unknown } = { record() {}, flush() {} };
  readonly #wait: (label: string) => Promise<unknown>;
  readonly #behaviours: Behaviour[];
  /** Whether a batch has been refused: what was in it may be in its client again. */
  hasRefused = false;
  #sends = 0;
  #open = 0;

  /**
   * @param wait settles when the network has answered
   * @param behaviours of the sends, in their order; further ones succeed
   */
  constructor(wait: (label: string) => Promise<unknown>, behaviours: readonly Behaviour[] = []) {
    this.#wait = wait;
    this.#behaviours = [...behaviours];
  }

  /** Sends that have not been answered. */
  get open(): number {
    return this.#open;
  }

  /** Everything from here on succeeds. */
  recover(): void {
    this.#behaviours.length = 0;
  }

  /** A sender that takes its batch at once. */
  send(ids: readonly number[]): Promise<void> {
    const [batch, behaviour] = this.#begin(ids);
    return this.#answered(batch, behaviour);
  }

  /** The same with a callback. */
  sendTo(ids: readonly number[], done: (error?: unknown) => void): void {
    const [batch, behaviour] = this.#begin(ids);
    this.#answered(batch, behaviour).then(() => done(), done);
  }

  /** The same without waiting. */
  sendNow(ids: readonly number[]): void {
    const [batch, behaviour] = this.#begin(ids);
    if (behaviour === "reject") throw new Error("refused");
    this.delivered.push(...batch);
  }

  #begin(ids: readonly number[]): [readonly number[], Behaviour] {
    const behaviour = this.#behaviours.shift() ?? "ok";
    const batch = [...ids];
    if (behaviour === "throw") {
      this.hasRefused = true;
      throw new Error("thrown");
    }
    if (behaviour === "record") this.reenter.record();
    // One that the guard does not make wait, after a timeout, fails as its sender's own call does.
    if (behaviour === "flush") Promise.resolve(this.reenter.flush()).catch(() => {});
    return [batch, behaviour];
  }

  #answered(batch: readonly number[], behaviour: Behaviour): Promise<void> {
    this.#open++;
    return this.#answer(batch, behaviour).finally(() => this.#open--);
  }

  async #answer(batch: readonly number[], behaviour: Behaviour): Promise<void> {
    const label = `send ${++this.#sends} of [${batch.join()}]: ${behaviour}`;
    if (behaviour === "await-flush") await this.reenter.flush();
    await this.#wait(label);
    if (behaviour === "await-flush-later") await this.reenter.flush();
    if (behaviour === "record") this.reenter.record();
    if (behaviour.startsWith("hang")) await new Promise((resolve) => setTimeout(resolve, HANG_MS));
    if (behaviour.endsWith("reject")) {
      this.hasRefused = true;
      throw new Error("refused");
    }
    this.delivered.push(...batch);
  }
}

/** How long a sender hangs. */
const HANG_MS = 12;
