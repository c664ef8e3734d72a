import type { GuardedClass } from "../guard/owner/guarded-class.js";
import { sendersOf } from "../methods/senders.js";
import { now, turn } from "../timers.js";
import { Client, type Manner } from "./client.js";
import type { DrainResult } from "./result.js";

/** Flushes the clients of this process. */
export class Drain {
  readonly #clients = new WeakMap<object, Client>();

  /** @param classes the guarded classes there are */
  constructor(private readonly classes: () => readonly GuardedClass[]) {}

  /** Whether something may have been recorded since the last drain of all began. */
  get isTouched(): boolean {
    return this.classes().some(({ known }) => known.touched);
  }

  /**
   * Flushes every known client, in parallel. Never rejects.
   * @param limitMs milliseconds of loop time
   */
  async run(limitMs: number, targets?: readonly string[], manner: Manner = "once"): Promise<DrainResult> {
    // Many a client has what was recorded just now in its queue a turn later.
    await turn();
    const clients = this.classes()
      .filter(({ name, roles }) => sendersOf(roles).length > 0 && (targets === undefined || targets.includes(name)))
      .flatMap((guarded) => {
        guarded.known.touched = false;
        return guarded.known.all().map((instance) => this.#clientOf(guarded, instance));
      });
    const drained = await Promise.all(clients.map((client) => client.drain(limitMs, manner)));
    return { drained: drained.every(({ state }) => state === "flushed" || state === "empty"), clients: drained };
  }

  /** Before the process ends: once more where something was recorded meanwhile, all within the limit. */
  async runToTheEnd(limitMs: number): Promise<DrainResult> {
    const begun = now();
    const first = await this.run(limitMs, undefined, "again");
    const left = limitMs - (now() - begun);
    if (!this.isTouched || left < 1) return first;
    const second = await this.run(left, undefined, "again");
    return { drained: first.drained && second.drained, clients: [...first.clients, ...second.clients] };
  }

  #clientOf(guarded: GuardedClass, instance: object): Client {
    let client = this.#clients.get(instance);
    if (client === undefined) {
      client = new Client(guarded, new WeakRef(instance));
      this.#clients.set(instance, client);
    }
    return client;
  }
}
