import { createRequire } from "node:module";
import { expect, test } from "vitest";
import { defineTarget, guard, status } from "../../dist/src/index.js";
import { run } from "../guard/child.js";

interface Client {
  bucket: Record<string, number>;
  count(name: string, by?: number): void;
  flush(): Promise<void>;
}
interface Sink {
  delivered: number;
}
type Race = (
  make: (sink: Sink) => Client | Promise<Client>,
  methods?: { count: string; flush: string },
) => Promise<{ recorded: number; delivered: number }>;

const load = createRequire(new URL("../fixtures/patch/race.cjs", import.meta.url));
const { race } = load("./race.cjs") as { race: Race };
const { defineMetrics } = load("patch-metrics") as {
  defineMetrics: () => new (sink: Sink) => Client;
};

const roles = { record: ["count"], flush: ["flush"], buffers: { bucket: "sum" } } as const;
const exact = { recorded: 160, delivered: 160 };
const wrong = { recorded: 160, delivered: 120 };

test("restore() puts the very methods back, and a class can be guarded again, otherwise than before", async () => {
  const Metrics = defineMetrics();
  const before = Object.getOwnPropertyDescriptors(Metrics.prototype);
  const first = guard(Metrics, roles);
  expect(first).toMatchObject({ guarded: true, reason: undefined });
  expect(await race((sink) => new Metrics(sink))).toEqual(exact);
  first.restore();
  first.restore();
  expect(Object.getOwnPropertyDescriptors(Metrics.prototype)).toEqual(before);
  expect(await race((sink) => new Metrics(sink))).toEqual(wrong);
  const again = guard(Metrics, { record: ["count"], flush: ["flush"] });
  expect(again.guarded).toBe(true);
  expect(await race((sink) => new Metrics(sink))).toEqual(exact);
  again.restore();
});

test("an instance is guarded, its siblings are not; one state serves all that are", async () => {
  class Sibling extends defineMetrics() {}
  const classes = () => status().targets.find(({ module }) => module === "Sibling")?.counters.flushes;
  // The five of a race, and one for what was kept back from the second.
  for (let flushes = 6; flushes <= 18; flushes += 6) {
    expect(
      await race((sink) => {
        const client = new Sibling(sink);
        expect(guard(client, { ...roles }).guarded).toBe(true);
        expect(Object.keys(client)).toEqual(["sink", "bucket"]);
        return client;
      }),
    ).toEqual(exact);
    expect(classes()).toBe(flushes);
  }
  expect(await race((sink) => new Sibling(sink))).toEqual(wrong);
});

test("a guarded class and a guarded subclass of it", async () => {
  const Metrics = defineMetrics();
  class Child extends Metrics {
    override count(name: string, by = 1): void {
      super.count(name, by);
    }
  }
  const parent = guard(Metrics, roles);
  expect(await race((sink) => new Child(sink))).toEqual(exact);
  parent.restore();
  expect(await race((sink) => new Child(sink))).toEqual(wrong);
});

test("what cannot be guarded stays as it is, and the handle says why", () => {
  const Metrics = defineMetrics();
  const before = Object.getOwnPropertyDescriptors(Metrics.prototype);
  expect(guard<object>(Metrics, { flush: ["drain"] })).toMatchObject({
    guarded: false,
    reason: 'it has no method "drain"',
  });
  const part = guard<object>(defineMetrics(), { ...roles, close: ["stpo"] });
  expect(part).toMatchObject({
    guarded: true,
    reason: expect.stringMatching(/^guarded in part: it has no method "stpo"/),
  });
  part.restore();
  const unfit = guard<object>(defineMetrics(), { ...roles, final: true });
  expect(unfit).toMatchObject({
    guarded: true,
    reason: expect.stringMatching(/^guarded in part: final: found true, /),
  });
  unfit.restore();
  expect(guard(() => {}, roles)).toMatchObject({ guarded: false, reason: "it is neither a class nor an instance" });
  expect(guard(Object.freeze(new Metrics({ delivered: 0 })), roles)).toMatchObject({
    guarded: false,
    reason: '"flush" is frozen',
  });
  expect(Object.getOwnPropertyDescriptors(Metrics.prototype)).toEqual(before);
  const handle = guard(Metrics, roles);
  expect(guard(Metrics, roles)).toMatchObject({ guarded: false, reason: "it is guarded already" });
  handle.restore();
});

test("wrong arguments throw, and name what is wrong", () => {
  expect(() => guard(undefined as unknown as object, roles)).toThrow(TypeError);
  expect(() => guard("Metrics" as unknown as object, roles)).toThrow("found Metrics, expected a class or an instance");
  expect(() => guard(defineMetrics(), { record: ["count"] })).toThrow("guard().flush: found no method here or in send");
  expect(() => defineTarget({ module: "", flush: ["flush"] })).toThrow("defineTarget().module");
});

test("an object without a prototype is guarded, and one that refuses to be changed is left whole", async () => {
  const make = (): Record<"count" | "flush", () => unknown> & { bucket: number } =>
    Object.assign(Object.create(null), {
      bucket: 0,
      count() {
        this.bucket++;
      },
      async flush() {
        await Promise.resolve();
      },
    });
  expect(guard(make(), { record: ["count"], flush: ["flush"] })).toMatchObject({ guarded: true, reason: undefined });
  const client = make();
  const { count, flush } = client;
  const refusing = new Proxy(client, {
    defineProperty: (object, name, property) => name !== "flush" && Reflect.defineProperty(object, name, property),
  });
  expect(guard(refusing, { record: ["count"], flush: ["flush"] })).toMatchObject({
    guarded: false,
    reason: expect.stringMatching(/^its methods cannot be replaced: .*'flush'/),
  });
  expect(client).toMatchObject({ count, flush });
});

test.each(["Client", "client"])(
  "what is declared of the app's own and is not there is told without being asked: %s",
  async (what) => {
    const { code, stderr } = await run(`
    const { guard } = await import(dist + "index.js");
    class Client { buffer = []; record(id) { this.buffer.push(id); } async flush() { this.buffer = []; } }
    const client = new Client();
    guard(${what}, { record: ["record"], flush: ["flush"], owner: "nowhere" });
    client.record(1);
    await client.flush();`);
    expect({ code, stderr }).toEqual({
      code: 0,
      stderr: 'flushguard: Client: owner: "nowhere" leads nowhere, so the instance itself is what is locked\n',
    });
  },
);

test("methods that were taken before restore() are the originals from then on", async () => {
  const Metrics = defineMetrics();
  const handle = guard(Metrics, roles);
  const { count, flush } = Metrics.prototype;
  const taken = (sink: Sink): Client => Object.assign(new Metrics(sink), { counts: count, flushes: flush });
  const names = { count: "counts", flush: "flushes" };
  expect(await race(taken, names)).toEqual(exact);
  handle.restore();
  expect(await race(taken, names)).toEqual(wrong);
});
