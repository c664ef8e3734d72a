import { createRequire } from "node:module";
import { API } from "../lib/paths.mjs";
import { requirePeer } from "../lib/peers.mjs";

const CALLS = 20_000;
const require = createRequire(import.meta.url);

class Client {
  buffer = new Map();

  /** @param {string} name */
  record(name) {
    this.buffer.set(name, (this.buffer.get(name) ?? 0) + 1);
  }

  async flush() {
    this.buffer = new Map();
  }
}

/**
 * What may stand around a record, to keep it from a flush or to watch it.
 * @type {Record<string, () => ((client: Client, name: string) => unknown) | Promise<void> | void>}
 */
const ways = {
  unguarded() {},
  async flushguard() {
    const { guard } = await import(API);
    const { guarded } = guard(Client, { record: ["record"], flush: ["flush"], buffers: { buffer: "sum" } });
    if (!guarded) throw new Error("the class is not guarded");
  },
  "OpenTelemetry's wrap"() {
    const { InstrumentationBase } = require("@opentelemetry/instrumentation");
    class Instrumentation extends InstrumentationBase {
      init() {}
    }
    const instrumentation = new Instrumentation("bench", "1.0.0", {});
    instrumentation._wrap(Client.prototype, "record", (/** @type {Function} */ original) => {
      return /** @this {unknown} */ function (/** @type {unknown[]} */ ...args) {
        return original.apply(this, args);
      };
    });
  },
  "a Proxy"() {
    Client.prototype.record = new Proxy(Client.prototype.record, {
      apply: (record, client, args) => Reflect.apply(record, client, args),
    });
  },
  "async-mutex"() {
    const { Mutex } = require("async-mutex");
    const mutex = new Mutex();
    return (client, name) => mutex.runExclusive(() => client.record(name));
  },
  "async-lock"() {
    const AsyncLock = requirePeer("async-lock");
    const lock = new AsyncLock();
    return (client, name) => lock.acquire("buffer", () => client.record(name));
  },
};

/**
 * Record calls on a client with nothing in flight.
 * @param {{ way: string }} args
 */
export default async function peerRecord({ way }) {
  const locked = await ways[way]?.();
  const client = new Client();
  const names = Array.from({ length: 8 }, (_, n) => `orders.created.${n}`);
  return async () => {
    const began = performance.now();
    if (locked) for (let i = 0; i < CALLS; i++) await locked(client, names[i & 7] ?? "");
    else for (let i = 0; i < CALLS; i++) client.record(names[i & 7] ?? "");
    return ((performance.now() - began) * 1e6) / CALLS;
  };
}

export const WAYS = Object.keys(ways);
