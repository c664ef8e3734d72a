import { expect, test } from "vitest";
import type { Roles } from "../../dist/src/target.js";
import { guardedCopy } from "./guarded.js";

/** More calls than a method's returns and buffers are learnt from. */
const CALLS = 20;

class Client {
  buffer: (readonly unknown[])[] = [];
  record(...args: readonly unknown[]): void {
    this.buffer.push(args);
  }
  async flush(): Promise<void> {
    const batch = this.buffer;
    await Promise.resolve();
    if (batch === this.buffer) this.buffer = [];
  }
}

const methods: Roles = { record: ["record"], flush: ["flush"] };
const prepare = (): void => {};

test.each<[string, Roles]>([
  ["held", methods],
  ["put aside", { ...methods, buffers: { buffer: "append" } }],
  ["prepared", { ...methods, prepare }],
  ["prepared, and never kept from a flush", { ...methods, batch: "detached", prepare }],
])("a record is called with what its caller gives, however much: %s", async (_, roles) => {
  const client = new (guardedCopy(Client, roles).Client)();
  const given = Array.from({ length: 7 }, (_value, count) => Array.from({ length: count }, (_arg, index) => index));
  const all = Array.from({ length: CALLS }, () => given).flat();
  for (const args of all) client.record(...args);
  expect(client.buffer).toEqual(all);
  await client.flush();
  void client.flush();
  for (const args of given) client.record(...args);
  await client.flush();
  client.record(...given.flat());
  expect(client.buffer.at(-1)).toEqual(given.flat());
});
