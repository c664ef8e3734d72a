import { API } from "../lib/paths.mjs";

class Client {
  buffer = {};
  count = 0;
  /** @param {number} value */
  record(value) {
    this.count += value;
  }
  async flush() {
    await Promise.resolve();
    this.count = 0;
  }
}

const buffers = { buffer: "sum" };

/**
 * Instances that have recorded something and are kept.
 * @param {{ strategy: "unguarded" | "held" | "swapped", instances: number, flushed: boolean }} args
 * @returns bytes of heap that each keeps, and that each leaves when it is gone
 */
export default async function idleInstances({ strategy, instances, flushed }) {
  if (strategy !== "unguarded") {
    const { guard } = await import(API);
    guard(Client, { record: ["record"], flush: ["flush"], ...(strategy === "swapped" ? { buffers } : {}) });
  }
  const make = async (/** @type {number} */ count) => {
    /** @type {Client[]} */
    const kept = [];
    for (let i = 0; i < count; i++) {
      const client = new Client();
      client.record(1);
      if (flushed) await client.flush();
      kept.push(client);
    }
    return kept;
  };
  // What is made once, such as compiled code, belongs to no instance.
  await make(20_000);
  return async () => {
    const before = heap();
    const kept = await make(instances);
    const during = heap();
    kept.length = 0;
    return { each: (during - before) / instances, left: (heap() - before) / instances };
  };
}

function heap() {
  for (let i = 0; i < 3; i++) globalThis.gc?.();
  return process.memoryUsage().heapUsed;
}
