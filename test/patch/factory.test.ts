import { afterEach, describe, expect, test } from "vitest";
import { guardEngine } from "../../dist/src/guard/engine.js";
import { setLogLevel } from "../../dist/src/log.js";
import { Patcher } from "../../dist/src/patch/patcher.js";
import type { Target } from "../../dist/src/target.js";

setLogLevel("silent");

class Made {
  buffer: number[] = [];
  record(id: number): void {
    this.buffer.push(id);
  }
  async flush(): Promise<void> {
    this.buffer = [];
  }
}

/** A CommonJS module that makes clients in several ways, and where the function of each is found. */
function aModule() {
  class Client extends Made {}
  class Registry {
    create(): Client {
      return new Client();
    }
  }
  const create = Object.assign(() => new Client(), {
    create: () => new Client(),
    later: async () => new Client(),
    nested: { create: () => new Client() },
    Registry,
    Client,
  });
  const module = { exports: create };
  const at: Record<string, { factory: () => unknown; put(value: unknown): void }> = {};
  const add = (path: string, holder: object, name: string): void => {
    at[path] = {
      factory: () => Reflect.get(holder, name),
      put: (value) => void Reflect.set(holder, name, value),
    };
  };
  add("create", create, "create");
  add("later", create, "later");
  add("nested.create", create.nested, "create");
  add("Registry#create", Registry.prototype, "create");
  add("default", module, "exports");
  return { module, at, Client };
}

const PATHS = ["create", "later", "nested.create", "Registry#create", "default"];

let patcher: Patcher | undefined;

afterEach(() => patcher?.disable());

function guardedModule(path: string) {
  const { module, at, Client } = aModule();
  const place = at[path] as (typeof at)[string];
  const original = place.factory();
  const target: Target = { module: "m", factory: path, record: ["record"], flush: ["flush"], batch: "hold" };
  patcher = new Patcher({ flushTimeoutMs: 1000, maxHeld: 10 }, guardEngine);
  const load = (): void =>
    patcher?.loaded(
      {
        module: "m",
        basedir: "bundle:m@1.0.0",
        version: "1.0.0",
        file: "index.js",
        format: "commonjs",
        exports: module.exports,
        replace: (name, value) =>
          Reflect.set(name === "" ? module : module.exports, name === "" ? "exports" : name, value),
      },
      [target],
      true,
    );
  load();
  return { patcher, place, original, Client, load };
}

describe.each(PATHS)("a factory at %s", (path) => {
  test("is put back as it was, with what it has made, and guarded again", async () => {
    const { patcher, place, original, Client } = guardedModule(path);
    const { flush } = Client.prototype;
    const watched = place.factory() as () => unknown;
    expect(watched).not.toBe(original);
    await watched();
    const guarded = Client.prototype.flush;
    expect(guarded).not.toBe(flush);
    for (let time = 0; time < 2; time++) {
      await patcher.disable();
      expect([place.factory(), Client.prototype.flush]).toEqual([original, flush]);
      expect(Client.prototype.flush).toBe(flush);
      patcher.enable();
      expect(place.factory()).toBe(watched);
      expect(Client.prototype.flush).not.toBe(flush);
    }
  });

  test("that somebody else has replaced since stays theirs", async () => {
    const { patcher, place } = guardedModule(path);
    const theirs = (): object => new Made();
    place.put(theirs);
    await patcher.disable();
    // Of a module as a whole nothing tells.
    if (path !== "default") expect(place.factory()).toBe(theirs);
  });

  test("is watched once, however often its file is shown", () => {
    const { place, load } = guardedModule(path);
    const watched = place.factory();
    load();
    expect(place.factory()).toBe(watched);
  });
});

test("what a factory makes while the guard is off is left as it is", async () => {
  const { patcher, place, Client } = guardedModule("create");
  const { flush } = Client.prototype;
  const watched = place.factory() as () => unknown;
  await patcher.disable();
  watched();
  expect(Client.prototype.flush).toBe(flush);
});
