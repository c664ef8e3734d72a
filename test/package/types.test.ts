import { expect, test } from "vitest";
import { withFlushguard } from "../../dist/src/bundler/next.js";
import { guard, type Roles } from "../../dist/src/index.js";

class Metrics {
  bucket: Record<string, number> = {};
  readonly name = "metrics";
  readonly client = { flush: async () => {} };
  private hidden: number[] = [];
  static total(): void {}
  static async flush(): Promise<void> {}
  count(): void {
    this.hidden.push(1);
  }
  async flush(): Promise<void> {
    this.hidden = [];
  }
}

/** Never called: what TypeScript says of it is the test. */
function declared(metrics: Metrics, untyped: object): void {
  guard(Metrics, { record: ["count"], flush: ["flush"], buffers: { bucket: "sum" } });
  guard(metrics, { record: ["count"], flush: ["flush"] });
  guard(Metrics, { flush: ["flush"], owner: "bucket.inner", buffers: { anywhere: "append" } });
  guard<object>(Metrics, { record: ["count"], flush: ["flush"], buffers: { hidden: "append" } });
  guard(untyped, { flush: ["whatever"] });
  guard<Metrics>(Metrics, { record: ["count"], flush: ["flush"], buffers: { bucket: "sum" }, final: "client.flush" });
  guard<Metrics>(metrics, { flush: ["flush"], owner: "bucket.inner", buffers: { anywhere: "append" } });
  guard<typeof Metrics>(Metrics, { record: ["total"], flush: ["flush"] });
  const roles: Roles = { flush: ["flush"] };
  guard(Metrics, roles);
  guard(Metrics, { flush: ["flush"], send: ["count"], final: "client.flush", ends: { callback: 0 }, use: ["count"] });
  // @ts-expect-error: no key of that name
  guard(Metrics, { flush: ["flush"], flushh: ["flush"] });
  // @ts-expect-error: misspelt
  guard(Metrics, { flush: ["flush"], use: ["cuont"] });
  // @ts-expect-error: misspelt
  guard(Metrics, { send: ["flush"], final: "flsh" });
  // @ts-expect-error: misspelt
  guard(Metrics, { flush: ["flush"], ends: { method: "snd" } });
  // @ts-expect-error: misspelt
  guard(Metrics, { flush: ["flush"], owner: "buckett.inner" });
  // @ts-expect-error: misspelt
  guard<Metrics>(Metrics, { record: ["cuont"], flush: ["flush"] });
  // @ts-expect-error: misspelt
  guard<Metrics>(Metrics, { flush: ["flush"], close: ["stopp"] });
  // @ts-expect-error: misspelt
  guard<Metrics>(Metrics, { flush: ["flush"], use: ["cuont"] });
  // @ts-expect-error: not there
  guard<Metrics>(Metrics, { flush: ["flush"], buffers: { buckets: "append" } });
  // @ts-expect-error: no key of that name
  guard<Metrics>(Metrics, { flush: ["flush"], flushh: ["flush"] });
  // @ts-expect-error: misspelt
  guard<Metrics>(Metrics, { flush: ["flush"], ends: { method: "snd" } });
  // @ts-expect-error: misspelt
  guard<Metrics>(Metrics, { flush: ["flush"], owner: "buckett.inner" });
  // @ts-expect-error: not a static method
  guard<typeof Metrics>(Metrics, { record: ["count"], flush: ["flush"] });
  // @ts-expect-error: misspelt
  guard(Metrics, { record: ["cuont"], flush: ["flush"] });
  // @ts-expect-error: a field is no method
  guard(Metrics, { flush: ["name"] });
  // @ts-expect-error: a method is no field
  guard(Metrics, { flush: ["flush"], buffers: { count: "sum" } });
  // @ts-expect-error: not there
  guard(metrics, { flush: ["flush"], buffers: { buckets: "sum" } });
  // @ts-expect-error: no rule of that name
  guard(metrics, { flush: ["flush"], buffers: { bucket: "add" } });
}

interface Options {
  reactStrictMode?: boolean;
  webpack?: ((config: { mode: string }, context: { dev: boolean }) => { mode: string }) | null;
}

/** Nor this. */
function configured(options: Options, later: () => Promise<Options>): Options[] {
  withFlushguard(later);
  withFlushguard(async () => ({ output: "standalone" }));
  // @ts-expect-error: no function
  void withFlushguard({ webpack: 1 });
  return [withFlushguard({ reactStrictMode: true }), withFlushguard(options), withFlushguard()];
}

test("what TypeScript lets through is guarded", () => {
  expect([declared, configured]).toHaveLength(2);
  const handle = guard(Metrics, { record: ["count"], flush: ["flush"] });
  expect(handle.guarded).toBe(true);
  handle.restore();
});
