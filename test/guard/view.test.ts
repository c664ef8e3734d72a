import { describe, expect, test } from "vitest";
import { isView, unview, viewOf } from "../../dist/src/guard/buffers/view.js";

class Client {
  buffer = [1];
  name = "client";
  get first(): number | undefined {
    return this.buffer[0];
  }
  set first(id: number) {
    this.buffer = [id];
  }
}

/** A view of a client whose buffer it replaces, and the properties that were touched. */
function view() {
  const client = new Client();
  const touched: PropertyKey[] = [];
  const replaced = new Map<PropertyKey, unknown>([["buffer", [2]]]);
  const shown = viewOf(client, replaced, (key) => touched.push(key));
  return { client, touched, replaced, proxy: shown.proxy as Client, end: shown.end };
}

/** Ways to put another buffer there. */
const ways: [string, (client: Client) => unknown][] = [
  ["assigned", (client) => Object.assign(client, { buffer: [3] })],
  ["set", (client) => Reflect.set(client, "buffer", [3])],
  ["defined", (client) => Reflect.defineProperty(client, "buffer", { value: [3] })],
  ["assigned by an accessor", (client) => Object.assign(client, { first: 3 })],
];

describe("what a view replaces", () => {
  test("is found there, by accessors and descriptors too, and nowhere else", () => {
    const { client, proxy } = view();
    expect([proxy.buffer, proxy.first, Object.getOwnPropertyDescriptor(proxy, "buffer")?.value]).toEqual([[2], 2, [2]]);
    expect(Object.getOwnPropertyDescriptor(proxy, "buffer")).toMatchObject({ writable: true, configurable: true });
    expect([client.buffer, client.first]).toEqual([[1], 1]);
  });

  test.each(ways)("is its own when %s", (_, put) => {
    const { client, proxy, replaced } = view();
    put(proxy);
    expect([proxy.buffer, replaced.get("buffer"), client.buffer]).toEqual([[3], [3], [1]]);
  });

  test("is its own when deleted: the object's is there", () => {
    const { client, proxy, replaced } = view();
    expect(Reflect.deleteProperty(proxy, "buffer")).toBe(true);
    expect([proxy.buffer, replaced.has("buffer"), client.buffer]).toEqual([undefined, true, [1]]);
  });

  test("is the object's where an accessor is put in its place", () => {
    const { client, proxy } = view();
    Object.defineProperty(proxy, "buffer", { get: () => [4], configurable: true });
    expect(client.buffer).toEqual([4]);
  });

  test.each(ways)("is the object's once it has ended: %s", (_, put) => {
    const { client, proxy, end } = view();
    end();
    expect(proxy.buffer).toEqual([1]);
    put(proxy);
    expect([proxy.buffer, client.buffer]).toEqual([[3], [3]]);
  });
});

test("everything else is the object's own, whatever is done to it", () => {
  const { client, proxy } = view();
  proxy.name = "other";
  Object.defineProperty(proxy, "more", { value: 1, configurable: true });
  expect([client.name, Reflect.get(client, "more")]).toEqual(["other", 1]);
  expect(Object.getOwnPropertyDescriptor(proxy, "more")).toEqual(Object.getOwnPropertyDescriptor(client, "more"));
  Reflect.deleteProperty(proxy, "more");
  expect("more" in client).toBe(false);
  expect(Object.keys(proxy)).toEqual(["buffer", "name"]);
});

test("each look at a property is told of, before it is answered", () => {
  const { proxy, touched } = view();
  const told = (look: () => unknown): PropertyKey[] => {
    touched.length = 0;
    look();
    return [...touched];
  };
  expect(told(() => proxy.name)).toEqual(["name"]);
  expect(told(() => Object.getOwnPropertyDescriptor(proxy, "buffer"))).toEqual(["buffer"]);
  expect(told(() => Object.defineProperty(proxy, "buffer", { value: [] }))).toContain("buffer");
  expect(told(() => Reflect.deleteProperty(proxy, "buffer"))).toEqual(["buffer"]);
  for (const [, put] of ways) expect(told(() => put(proxy))).toContain("buffer");
  expect(told(() => [unview(proxy), isView(proxy)])).toEqual([]);
});

test("a view is told from its object, and leads to it, also once it has ended", () => {
  const { client, proxy, end } = view();
  expect([isView(proxy), isView(client), unview(proxy) === client, unview(client) === client]).toEqual([
    true,
    false,
    true,
    true,
  ]);
  end();
  expect([isView(proxy), unview(proxy) === client]).toEqual([false, true]);
  for (const value of [undefined, null, 1, "text"]) expect(unview(value)).toBe(value);
});
