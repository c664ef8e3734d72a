import { setImmediate as turn } from "node:timers/promises";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import type { Roles } from "../../dist/src/target.js";
import { type Class, guardedCopy } from "./guarded.js";

type Requests = Promise<void>[] | Set<Promise<void>> | Record<string, Promise<void>>;

/** A client whose buffer is of requests on their way. */
class Client {
  pending: Requests = [];
  record(request: Promise<void>): void {
    (this.pending as Promise<void>[]).push(request);
  }
  async flush(): Promise<void> {
    await Promise.allSettled(this.pending as Promise<void>[]);
    this.pending = [];
  }
  async close(): Promise<void> {
    await this.flush();
  }
}

class OfSet extends Client {
  override pending = new Set<Promise<void>>();
  override record(request: Promise<void>): void {
    this.pending.add(request);
  }
  override async flush(): Promise<void> {
    await Promise.allSettled(this.pending);
    this.pending = new Set();
  }
}

class ByKey extends Client {
  override pending: Record<string, Promise<void>> = {};
  override record(request: Promise<void>): void {
    this.pending[Object.keys(this.pending).length] = request;
  }
  override async flush(): Promise<void> {
    await Promise.allSettled(Object.values(this.pending));
    this.pending = {};
  }
}

const roles: Roles = { record: ["record"], flush: ["flush"], close: ["close"], buffers: { pending: "append" } };
const clients: Record<string, [Class<Client>, Roles]> = {
  "an array": [Client, roles],
  "an array, on a view": [Client, { ...roles, view: true }],
  "a Set": [OfSet, roles],
  "a dictionary": [ByKey, { ...roles, buffers: { pending: "last" } }],
};

let unhandled: unknown[] = [];
const note = (error: unknown): void => void unhandled.push(error);
beforeAll(() => void process.on("unhandledRejection", note));
afterAll(() => void process.off("unhandledRejection", note));
beforeEach(() => {
  unhandled = [];
});

/** Flushes, and while that waits has a request refused that another flush, or a close, waits for as well. */
async function refusedMeanwhile(client: Client, method?: "flush" | "close"): Promise<void> {
  let answer = (): void => {};
  let refuse = (): void => {};
  client.record(
    new Promise((resolve) => {
      answer = resolve;
    }),
  );
  const first = client.flush();
  client.record(
    new Promise((_, reject) => {
      refuse = () => reject(new Error("refused"));
    }),
  );
  const second = method && client[method]();
  refuse();
  await turn();
  answer();
  await Promise.all([first, second]);
}

for (const [name, [Unguarded, declared]] of Object.entries(clients)) {
  for (const method of ["flush", "close"] as const) {
    test(`${name}: a request that is refused before a ${method} has its turn is handled`, async () => {
      await refusedMeanwhile(new Unguarded(), method);
      expect(unhandled).toEqual([]);

      const { Client: Guarded, restore } = guardedCopy(Unguarded, declared);
      const client = new Guarded();
      await client.flush();
      await refusedMeanwhile(client, method);
      restore();
      expect(unhandled).toEqual([]);
    });
  }
}

test("one that nobody waits for stays unhandled", async () => {
  const { Client: Guarded, restore } = guardedCopy(Client, roles);
  const client = new Guarded();
  await client.flush();
  await refusedMeanwhile(client);
  restore();
  expect(unhandled).toEqual([new Error("refused")]);
});
