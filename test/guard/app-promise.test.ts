import { setTimeout as sleep } from "node:timers/promises";
import { afterEach, describe, expect, test, vi } from "vitest";
import type { Roles } from "../../dist/src/target.js";
import { guardedCopy } from "./guarded.js";

const roles: Roles = { record: ["record"], flush: ["flush"], buffers: { counts: "sum" } };

/** As zone.js, Bluebird or core-js puts it in the place of Node's, which async functions go on giving. */
class AppPromise<T> extends Promise<T> {
  tap(): string {
    return "tapped";
  }
}

/** What such a `then` gives: of no class that Node knows. */
class Thenable<T> {
  constructor(private readonly promise: Promise<T>) {}

  // biome-ignore lint/suspicious/noThenProperty: it is one.
  then(...args: Parameters<Promise<T>["then"]>): PromiseLike<unknown> /* oxlint-disable-line unicorn/no-thenable */ {
    return this.promise.then(...args);
  }
}

/** Sends what it has, and throws away what has come meanwhile. */
class Client {
  counts: Record<string, number> = {};
  readonly delivered: string[] = [];

  record(name: string): void {
    this.counts[name] = (this.counts[name] ?? 0) + 1;
  }

  async send(): Promise<void> {
    const names = Object.keys(this.counts);
    await sleep(5);
    this.delivered.push(...names);
    this.counts = {};
  }

  flush(): Promise<void> {
    return this.send();
  }

  async close(): Promise<void> {
    await this.send();
  }
}

class GivesAppPromises extends Client {
  override flush(): Promise<void> {
    return new Promise((resolve) => {
      void this.send().then(resolve);
    });
  }
}

async function recordDuringFlush(client: Client): Promise<readonly string[]> {
  client.record("before");
  const flushing = client.flush();
  client.record("meanwhile");
  await flushing;
  await client.flush();
  return [...client.delivered, ...Object.keys(client.counts)];
}

afterEach(() => {
  vi.unstubAllGlobals();
});

describe("an app with a Promise of its own", () => {
  test("loses nothing that is recorded during a flush by an async function", async () => {
    vi.stubGlobal("Promise", AppPromise);
    expect(await recordDuringFlush(new Client())).toEqual(["before"]);
    expect(await recordDuringFlush(new (guardedCopy(Client, roles).Client)())).toEqual(["before", "meanwhile"]);
  });

  test("loses nothing where the client gives such promises, and gets them as they are", async () => {
    vi.stubGlobal("Promise", AppPromise);
    expect(await recordDuringFlush(new GivesAppPromises())).toEqual(["before"]);
    const { Client: Guarded } = guardedCopy(GivesAppPromises, roles);
    expect(await recordDuringFlush(new Guarded())).toEqual(["before", "meanwhile"]);
    const client = new Guarded();
    client.record("before");
    const given = [client.flush(), client.flush()];
    expect(given.map((promise) => (promise as AppPromise<void>).tap())).toEqual(["tapped", "tapped"]);
    await given[1];
  });

  test.each([
    ["set aside", roles],
    ["held", { record: ["record"], flush: ["flush"] }],
  ])("and a `then` that gives its own: callers get what they get unguarded, records %s", async (_, own) => {
    const { then } = Promise.prototype;
    const classesOf = async (client: Client): Promise<string[]> => {
      await client.flush();
      client.record("before");
      const flushing = [client.flush(), client.flush(), client.close()];
      // As zone.js does: https://github.com/angular/angular/blob/20.0.0/packages/zone.js/lib/common/promise.ts
      vi.spyOn(Promise.prototype, "then").mockImplementation(function (this: Promise<unknown>, ...args) {
        return new Thenable(then.apply(this, args)) as never;
      });
      flushing.push(client.flush(), client.flush());
      vi.restoreAllMocks();
      await Promise.all(flushing);
      return flushing.map((promise) => promise.constructor.name);
    };
    const unguarded = await classesOf(new Client());
    expect(unguarded).toEqual(unguarded.map(() => "Promise"));
    const { Client: Guarded } = guardedCopy(Client, { ...own, close: ["close"] });
    expect(await classesOf(new Guarded())).toEqual(unguarded);
  });
});
