import { Writable } from "node:stream";
import { describe, expect, test } from "vitest";
import { guardEngine } from "../../dist/src/guard/engine.js";
import { GuardedClass } from "../../dist/src/guard/owner/guarded-class.js";
import { guardMethods } from "../../dist/src/patch/guard-methods.js";
import type { Roles } from "../../dist/src/target.js";

// Roles that ask of a class what it is not: they have no effect, and that is said.

function notesOf(client: abstract new () => object, roles: Roles): readonly string[] {
  const guarded = new GuardedClass("client", roles, { flushTimeoutMs: 1000, maxHeld: 1000 });
  const guarding = guardMethods(guarded, client.prototype, guardEngine);
  return "notes" in guarding ? guarding.notes : [guarding.refused];
}

describe("final", () => {
  class Sink {
    log(): void {}
    write(): void {}
  }
  const nothing = 'expected a Writable, which has "write" and "end"; nothing is waited for';

  test.each<[Roles["final"], string]>([
    [true, "true"],
    ["flush", '"flush"'],
    [() => {}, "a function"],
  ])("of a class that is no Writable: %s", (final, shown) => {
    expect(notesOf(class extends Sink {}, { record: ["log"], ...(final === undefined ? {} : { final }) })).toEqual([
      `final: found ${shown}, ${nothing}`,
    ]);
  });

  test("of a Writable, or one of another making", () => {
    class Other extends Sink {
      end(): void {}
    }
    expect(notesOf(class extends Writable {}, { record: ["write"], final: true })).toEqual([]);
    expect(notesOf(Other, { record: ["log"], final: true })).toEqual([]);
  });

  test("false asks for nothing", () => {
    expect(notesOf(class extends Sink {}, { record: ["log"], final: false })).toEqual([]);
  });
});

describe('batch: "on the stack"', () => {
  const roles: Roles = { batch: "on the stack", record: ["record"], flush: ["flush"] };

  test("of a flush that is async", () => {
    class Client {
      record(): void {}
      async flush(): Promise<void> {}
    }
    const line = 'batch: found "on the stack", expected a flush that is over when it returns; "flush" is async';
    expect(notesOf(Client, roles)).toEqual([line]);
  });

  test("of one that is not", () => {
    class Client {
      record(): void {}
      flush(): void {}
    }
    expect(notesOf(Client, roles)).toEqual([]);
  });
});

describe("ends.callback", () => {
  const vain = "when a flush without a callback ends is not known";
  const first = `ends.callback: found 1, expected a position below 1; ${vain}`;
  const rest = { record: ["record"], ends: { callback: 1 } };

  test("behind the last argument", () => {
    class Client {
      record(): void {}
      flush(_callback: () => void): void {}
    }
    expect(notesOf(Client, { flush: ["flush"], ...rest })).toEqual([first]);
  });

  test("of a flush that takes none", () => {
    class Client {
      flush(): void {}
    }
    expect(notesOf(Client, { flush: ["flush"], ends: { callback: 0 } })).toEqual([
      `ends.callback: found 0, expected no argument; ${vain}`,
    ]);
  });

  test("of a function, and with defaults", () => {
    class Client {
      record(): void {}
      flush(_options = { a: [1, 2], b: 3 }): void {}
    }
    class Old {}
    Object.assign(Old.prototype, {
      record() {},
      flush: function flush(callback: () => void) {
        callback();
      },
    });
    expect(notesOf(Client, { flush: ["flush"], ...rest })).toEqual([first]);
    expect(notesOf(Old, { flush: ["flush"], ...rest })).toEqual([first]);
  });

  test("where one of the flushes takes it", () => {
    class Client {
      record(): void {}
      flush(_options: object, _callback: () => void): void {}
      flushAll(): void {}
    }
    expect(notesOf(Client, { flush: ["flush", "flushAll"], ...rest })).toEqual([]);
  });

  test("of a flush that may take any", () => {
    class Rest {
      record(): void {}
      flush(..._all: unknown[]): void {}
    }
    class Arguments {
      record(): void {}
      flush(): unknown {
        // biome-ignore lint/complexity/noArguments: as old clients do.
        return arguments[1];
      }
    }
    class Bound {
      record(): void {}
      flush(): void {}
    }
    Bound.prototype.flush = Bound.prototype.flush.bind(undefined);
    for (const client of [Rest, Arguments, Bound]) expect(notesOf(client, { flush: ["flush"], ...rest })).toEqual([]);
  });
});

test("a private field as a buffer", () => {
  class Client {
    record(): void {}
    flush(): void {}
  }
  expect(notesOf(Client, { record: ["record"], flush: ["flush"], buffers: { "#buffer": "append" } })).toEqual([
    'buffers: found "#buffer", expected a field that is not private; its record calls wait while a flush runs',
  ]);
});
