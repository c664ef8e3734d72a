import fs from "node:fs";
import { syncBuiltinESMExports } from "node:module";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { mentions } from "../../dist/src/guard/buffers/mentions.js";
import { guard } from "../../dist/src/index.js";
import { setLogLevel } from "../../dist/src/log.js";
import type { Roles } from "../../dist/src/target.js";

// What a target of the app's own says of a class and is not so has no effect, and is told: see also test/patch/misfits.test.ts.

let heard: string[] = [];

beforeEach(() => {
  heard = [];
  vi.spyOn(fs, "writeSync").mockImplementation((_, line) => heard.push(String(line)));
  syncBuiltinESMExports();
  setLogLevel("warn");
});

afterEach(() => {
  setLogLevel("silent");
  vi.restoreAllMocks();
  syncBuiltinESMExports();
});

class Base {
  sent: number[] = [];
  async post(batch: readonly number[]): Promise<{ status: number }> {
    await new Promise((resolve) => setTimeout(resolve, 5));
    this.sent.push(...batch);
    return { status: 200 };
  }
}

class Lists extends Base {
  buffer: number[] = [];
  record(value: number): unknown {
    this.buffer.push(value);
    return undefined;
  }
  async flush(): Promise<void> {
    const batch = [...this.buffer];
    await this.post(batch);
    this.buffer = [];
  }
}

class Chained extends Lists {
  override record(value: number): unknown {
    this.buffer.push(value);
    return this;
  }
}

class Sized extends Lists {
  override record(value: number): unknown {
    return this.buffer.push(value);
  }
}

class Promised extends Lists {
  override async record(value: number): Promise<void> {
    this.buffer.push(value);
  }
}

class Private extends Base {
  #values: number[] = [];
  record(value: number): void {
    this.#values.push(value);
  }
  async flush(): Promise<void> {
    const batch = [...this.#values];
    await this.post(batch);
    this.#values = [];
  }
}

/** Records, also while it flushes, and gives what it has sent and what a record gave then. */
async function use(Client: new () => Lists | Private, roles: Roles): Promise<{ sent: number[]; given: unknown }> {
  const handle = guard<object>(Client, { record: ["record"], flush: ["flush"], ...roles });
  const client = new Client();
  for (const value of [1, 2, 3]) client.record(value);
  const flushing = client.flush();
  const given: unknown = client.record(4);
  await flushing;
  await client.flush();
  handle.restore();
  return { sent: client.sent, given: given === client ? "this" : given instanceof Promise ? "a promise" : given };
}

test.each<[declared: "nothing" | "this", what: string, Client: new () => Lists, given: unknown]>([
  ["this", "nothing", Lists, undefined],
  ["nothing", "this", Chained, "this"],
  ["nothing", "a value", Sized, 4],
  ["nothing", "a promise", Promised, "a promise"],
])("returns: %s, where a record gives %s", async (declared, what, Client, given) => {
  const used = await use(Client, { returns: declared });
  expect(heard).toContain(
    `flushguard: ${Client.name}: returns: found "${declared}", expected what "record" gives, which is ${what}; it is ignored\n`,
  );
  expect(used.given).toBe(given);
  // Of one that gives a value no call is held.
  if (Client !== Sized) expect(used.sent).toEqual([1, 2, 3, 4]);
});

test.each<[declared: "nothing" | "this", Client: new () => Lists]>([
  ["nothing", Lists],
  ["this", Chained],
])("returns: %s, where it does, without a word", async (declared, Client) => {
  const { sent } = await use(Client, { returns: declared, buffers: { buffer: "append" } });
  expect({ heard, sent }).toEqual({ heard: [], sent: [1, 2, 3, 4] });
});

test("a list whose rule is the last keeps all of what a flush has left, and says so", async () => {
  const { sent } = await use(Lists, { buffers: { buffer: "last" } });
  expect(sent).toEqual([1, 2, 3, 4]);
  expect(heard).toEqual([
    'flushguard: Lists: buffers.buffer: found "last", expected "append" for what is in it; it is appended\n',
  ]);
});

test.each([
  ["values", Private, 'buffers: it has no "values"; its record calls wait while a flush runs'],
  ["bufer", Private, 'buffers: it has no "bufer"; its record calls wait while a flush runs'],
  [
    "sent",
    Lists,
    'buffers: records put their values in "buffer", none in "sent"; its record calls wait while a flush runs',
  ],
])("a buffer that is none: %s", async (field, Client: new () => Lists | Private, line) => {
  const { sent } = await use(Client, { buffers: { [field]: "append" } });
  expect(sent).toEqual([1, 2, 3, 4]);
  expect(heard).toEqual([`flushguard: ${Client.name}: ${line}\n`]);
});

test("one of two buffers that the class does not know; one that it makes later is left alone", async () => {
  class Lazy extends Lists {
    gauges?: number[];
    gauge(): void {
      this.gauges ??= [];
    }
  }
  await use(Lists, { buffers: { buffer: "append", gagues: "append" } });
  await use(Lazy, { buffers: { buffer: "append", gauges: "append" } });
  expect(heard).toEqual(['flushguard: Lists: buffers: it has no "gagues"; nothing is looked for there\n']);
});

test("what a view needs and the client has not", async () => {
  const view = { view: true, buffers: { buffer: "append" } } as const;
  await use(class Misspelt extends Lists {}, { ...view, ends: { method: "psot" } });
  await use(class Named extends Lists {}, { ...view, ends: { method: "post", failed: "statsu" } });
  await use(Private, { view: true, buffers: { values: "append" } });
  expect(heard).toEqual([
    'flushguard: Misspelt: ends.method: it has no method "psot" (did you mean "post"?); when a flush ends is not known\n',
    'flushguard: Named: ends.failed: found "statsu", expected a property of what "post" gives (did you mean "status"?); what it gives counts as delivered\n',
    "flushguard: Private: view: its class has private fields, which a view lacks; a flush runs on the client itself\n",
  ]);
});

test("what guard() leaves is told, also to whoever does not look at the handle", () => {
  guard<object>(Lists, { flush: ["flsh"] });
  guard<object>(Lists, { record: ["recrod"], flush: ["flush"] });
  guard<object>(Lists, { flush: ["flush"] });
  expect(heard).toEqual([
    'flushguard: Lists is left as it is: it has no method "flsh" (did you mean "flush"?)\n',
    'flushguard: Lists is guarded in part: it has no method "recrod" (did you mean "record"?)\n',
  ]);
});

test("the names in a class are those in its methods, its parents' and its own functions", () => {
  class Client extends Lists {
    later = (): unknown => Reflect.get(this, "arrow");
    #hidden = 0;
    count = (): number => this.#hidden;
  }
  const client = new Client();
  expect(["arrow", "buffer", "post"].map((name) => mentions(client, name))).toEqual([true, true, true]);
  expect(["hidden", "buff", "toString"].map((name) => mentions(client, name))).toEqual([false, false, false]);
  expect(mentions(new (class extends Map<string, string> {})(), "anything")).toBe(true);
});

test("a batch that is not taken before the flush waits is no detached one", async () => {
  class Late extends Base {
    buffer: number[] = [];
    record(value: number): void {
      this.buffer.push(value);
    }
    async flush(): Promise<void> {
      await this.post([...this.buffer]);
      this.buffer = [];
    }
  }
  class Detaching extends Late {
    override async flush(): Promise<void> {
      await this.post(this.buffer.splice(0));
    }
  }
  /** Sends nothing before it is told to. */
  class Closed extends Detaching {
    isOpen = false;
    override async flush(): Promise<void> {
      if (this.isOpen) await super.flush();
    }
  }
  for (const Client of [Closed, Detaching, Late]) {
    guard<object>(Client, { record: ["record"], flush: ["flush"], batch: "detached" });
    const client = new Client();
    for (const value of [1, 2]) {
      client.record(value);
      await client.flush();
    }
    // One takes what another has left.
    client.record(3);
    await Promise.all([client.flush(), Object.assign(client, { isOpen: true }).flush()]);
    expect(client.sent).toEqual(Client === Late ? [1, 2, 3, 3] : [1, 2, 3]);
  }
  expect(heard).toEqual([
    'flushguard: Late: batch: found "detached", expected a flush that takes its batch before it first waits; "flush" has taken "buffer" later, and flushes that overlap are as without the guard\n',
  ]);
});
